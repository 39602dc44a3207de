import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { EdgeStage, eventually } from '@orgn/testing';
import { makeKey, makeWord } from '../authentication/make.ts';
import { makeModel } from '../models/make.ts';
import { gateway } from '../service.ts';

const key = makeKey();
const LIMIT = 20_000;
const chat = JSON.stringify({ model: 'near_qwen3_30b', messages: [{ role: 'user', content: 'Hi' }] });
const head = [
  'POST /v1/chat/completions HTTP/1.1',
  'host: edge',
  `authorization: Bearer ${key.raw}`,
  'content-type: application/json',
];

let stage: EdgeStage;
let api: string;
let ops: string;

/** Sends bytes as they are, and reads until the other side closes or has answered. */
const raw = async (lines: string[], body = ''): Promise<{ text: string; socket: Socket }> => {
  const { hostname, port } = new URL(api);
  const socket = connect(Number(port), hostname);
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1'))).on('error', () => undefined);
  socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`);
  await eventually(() => expect(text).toMatch(/\r\n\r\n[^]*[}]/));
  return { text, socket };
};
const statusOf = ({ text }: { text: string }) => Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1]);
const codeOf = ({ text }: { text: string }) => /"code":"(\w+)"/.exec(text)?.[1];
const post = (body: RequestInit['body'], headers: Record<string, string> = {}) =>
  fetch(`${api}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key.raw}`, 'content-type': 'application/json', ...headers },
    body,
    duplex: 'half',
  } as RequestInit);
const code = async (sent: Promise<Response>) => {
  const response = await sent;
  return [response.status, ((await response.json()) as { error: { code: string } }).error.code];
};
async function* pieces(total: number, size: number) {
  for (let sent = 0; sent < total; sent += size) yield new Uint8Array(size).fill(0x20);
}
const held = async () =>
  Number(/orgn_edge_body_bytes\{[^}]*\} (\d+)/.exec(await (await fetch(`${ops}/metrics`)).text())?.[1]);

beforeAll(async () => {
  stage = await EdgeStage.open([makeModel()]);
  stage.know(key.digest, makeWord());
  const more = { MAX_BODY_BYTES: String(LIMIT), REQUEST_TIMEOUT_MS: '600' };
  ({ api, ops } = await stage.start(gateway, more));
});
afterAll(() => stage.close());

describe('a request that two programs could read differently', () => {
  test.each([
    ['two lengths', ['content-length: 5', 'content-length: 6'], 'hello'],
    ['a length and chunks', ['content-length: 5', 'transfer-encoding: chunked'], '0\r\n\r\n'],
    ['another transfer encoding', ['transfer-encoding: gzip, chunked, identity'], '0\r\n\r\n'],
    ['a transfer encoding that compresses', ['transfer-encoding: gzip, chunked'], '0\r\n\r\n'],
    ['a chunked that is not the last encoding', ['transfer-encoding: chunked, gzip'], '0\r\n\r\n'],
    ['a length that is no number', ['content-length: 5x'], 'hello'],
    ['a negative length', ['content-length: -5'], 'hello'],
    ['a folded header', ['x-folded: a', ' b', `content-length: ${chat.length}`], chat],
    ['a blank before the colon', ['transfer-encoding : chunked', 'content-length: 5'], 'hello'],
    ['a bare line feed', [`x-a: b\nx-c: d`, `content-length: ${chat.length}`], chat],
    ['a NUL in a header', ['x-a: b\0c', `content-length: ${chat.length}`], chat],
    ['a broken chunk size', ['transfer-encoding: chunked'], 'zz\r\nhello\r\n0\r\n\r\n'],
    ['two keys', [`authorization: Bearer ${makeKey().raw}`, `content-length: ${chat.length}`], chat],
    ['two content types', ['content-type: text/plain', `content-length: ${chat.length}`], chat],
  ])('is refused: %s', async (_name, lines, body) => {
    const before = stage.posted;
    const answer = await raw([...head, ...lines], body);
    expect([statusOf(answer), codeOf(answer)]).toEqual([400, 'invalid_request']);
    expect(answer.text).toMatch(/x-request-id: [0-9a-f-]{36}/i);
    expect(stage.posted).toBe(before);
    answer.socket.destroy();
  });

  test('does not get the answer to what follows it on the connection', async () => {
    const { hostname, port } = new URL(api);
    const socket = connect(Number(port), hostname);
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
    socket.write(
      `${[...head, `content-length: ${chat.length}`].join('\r\n')}\r\n\r\n${chat}GARBAGE / HTTP/1.1\r\n\r\n`,
    );
    await once(socket, 'close');
    expect(text).toMatch(/^($|HTTP\/1\.1 200 )/);
  });

  test('is refused without a host', async () => {
    const answer = await raw(
      [...head.filter((line) => !line.startsWith('host')), `content-length: ${chat.length}`],
      chat,
    );
    expect([statusOf(answer), codeOf(answer)]).toEqual([400, 'invalid_request']);
  });

  test('is told when its headers are too large', async () => {
    const answer = await raw([...head, `x-large: ${'a'.repeat(20_000)}`]);
    expect([statusOf(answer), codeOf(answer)]).toEqual([413, 'request_too_large']);
  });
});

describe('the size of a body', () => {
  test('is limited, declared or not', async () => {
    expect(await code(post(' '.repeat(LIMIT + 1)))).toEqual([413, 'request_too_large']);
    expect(await code(post(ReadableStream.from(pieces(10 * LIMIT, 1_000))))).toEqual([413, 'request_too_large']);
    expect((await post(chat.padEnd(LIMIT))).status).toBe(200);
  });
});

describe('a body', () => {
  test('that does not arrive in time is a 408', async () => {
    const startedAt = Date.now();
    const answer = await raw([...head, 'content-length: 100'], '{"model":');
    expect([statusOf(answer), codeOf(answer)]).toEqual([408, 'request_timeout']);
    expect(Date.now() - startedAt).toBeGreaterThan(500);
    expect(answer.text).toMatch(/x-should-retry: true/i);
    await eventually(() => expect(answer.socket.closed).toBe(true));
  });

  test('that trickles is a 408 too: the time is for the whole of it', async () => {
    async function* trickle() {
      for (const character of chat) {
        yield new TextEncoder().encode(character);
        await delay(30);
      }
    }
    expect(await code(post(ReadableStream.from(trickle())))).toEqual([408, 'request_timeout']);
  });

  test('that breaks off reaches nobody', async () => {
    const before = stage.posted;
    const { hostname, port } = new URL(api);
    const socket = connect(Number(port), hostname);
    socket.write(`${[...head, `content-length: ${chat.length}`].join('\r\n')}\r\n\r\n${chat.slice(0, -1)}`);
    await delay(50);
    socket.destroy();
    await eventually(async () => expect(await held()).toBe(0));
    expect(stage.posted).toBe(before);
  });

  test.each([
    ['encoded', { 'content-encoding': 'gzip' }],
    ['of another type', { 'content-type': 'text/plain' }],
    ['a form where JSON is due', { 'content-type': 'multipart/form-data; boundary=x' }],
  ])('that is %s is refused', async (_name, headers) => {
    expect(await code(post(chat, headers as Record<string, string>))).toEqual([400, 'invalid_request']);
  });

  test('of a stranger is not read: the answer comes before it', async () => {
    const answer = await raw(['POST /v1/chat/completions HTTP/1.1', 'host: edge', 'content-length: 1000000'], '{');
    expect([statusOf(answer), codeOf(answer)]).toEqual([401, 'missing_api_key']);
    answer.socket.destroy();
  });
});
