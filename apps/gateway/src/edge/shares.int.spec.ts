import { once } from 'node:events';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { KeyId } from '@orgn/contracts';
import { EdgeStage, eventually } from '@orgn/testing';
import { makeKey, makeWord } from '../authentication/make.ts';
import { makeModel } from '../models/make.ts';
import { gateway } from '../service.ts';

const LIMIT = 1024 * 1024;
const POT = 8 * LIMIT;
const chat = JSON.stringify({ model: 'near_qwen3_30b', messages: [{ role: 'user', content: 'Hi' }] });

let stage: EdgeStage;
let api: string;
let ops: string;
let ends: (() => void)[] = [];

const knownKey = (lineage = '1'): string => {
  const { raw, digest } = makeKey();
  stage.know(digest, makeWord({ lineageId: `key_${lineage.repeat(32)}` as KeyId }));
  return raw;
};
const post = async (raw: string, body: RequestInit['body'], headers: Record<string, string> = {}) => {
  const response = await fetch(`${api}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${raw}`, 'content-type': 'application/json', ...headers },
    body: body ?? null,
  });
  return { status: response.status, retryAfter: response.headers.get('retry-after'), text: await response.text() };
};
/** Sends all of a body but its last byte, from a network of its own. @returns how to leave */
const hold = (raw: string, body: Buffer, more: string[] = []) => {
  const { hostname, port } = new URL(api);
  const socket = connect(Number(port), hostname);
  const lines = ['host: edge', `authorization: Bearer ${raw}`, 'content-type: application/json', ...more];
  const answer = { text: '' };
  socket.on('data', (chunk: Buffer) => (answer.text += chunk.toString('latin1'))).on('error', () => undefined);
  socket.write(`POST /v1/chat/completions HTTP/1.1\r\n${lines.join('\r\n')}\r\ncontent-length: ${body.length}\r\n\r\n`);
  socket.write(body.subarray(0, -1));
  ends.push(() => socket.destroy());
  return { socket, answer };
};
const held = async () =>
  Number(/orgn_edge_body_bytes\{[^}]*\} (\d+)/.exec(await (await fetch(`${ops}/metrics`)).text())?.[1]);

beforeAll(async () => {
  stage = await EdgeStage.open([makeModel()]);
  const more = {
    MAX_BODY_BYTES: String(LIMIT),
    MAX_BODIES_BYTES: String(POT),
    MAX_REQUESTS_PER_KEY: '20',
    TRUSTED_PROXIES: '127.0.0.1',
  };
  ({ api, ops } = await stage.start(gateway, more));
});
afterEach(async () => {
  for (const end of ends) end();
  ends = [];
  await eventually(async () => expect(await held()).toBe(0));
});
afterAll(() => stage.close());

describe('sixteen large bodies', () => {
  const large = Buffer.alloc(LIMIT, ' ');

  test('of strangers hold nothing, and lock nobody out', async () => {
    const strangers = Array.from({ length: 16 }, () => hold(makeKey().raw, large));
    await Promise.all(strangers.map(({ socket }) => once(socket, 'close')));
    for (const { answer } of strangers) expect(answer.text).toMatch(/^HTTP\/1\.1 401 /);
    expect(await held()).toBe(0);
    expect((await post(knownKey(), chat.padEnd(LIMIT))).status).toBe(200);
  });

  test('of one customer take half of the memory, and lock nobody else out', async () => {
    const greedy = knownKey('2');
    const bodies = Array.from({ length: 16 }, () => hold(greedy, large));
    await eventually(() =>
      expect(bodies.filter(({ answer }) => answer.text.includes(' 503 ')).length).toBeGreaterThan(6),
    );
    const refused = await post(greedy, chat.padEnd(LIMIT));
    expect([refused.status, refused.retryAfter]).toEqual([503, '1']);
    expect(await held()).toBeLessThan(0.7 * POT);
    // Small ones always, and others' large ones, from the same network and from another.
    expect((await post(greedy, chat)).status).toBe(200);
    expect((await post(knownKey('3'), chat.padEnd(LIMIT))).status).toBe(200);
    const elsewhere = await post(knownKey('4'), chat.padEnd(LIMIT), { 'x-forwarded-for': '203.0.113.1' });
    expect(elsewhere.status).toBe(200);
    for (const end of ends) end();
    await eventually(async () => expect((await post(greedy, chat.padEnd(LIMIT))).status).toBe(200));
  });

  test('count by what they are decoded to', async () => {
    const greedy = knownKey('5');
    // A body that is whole holds what it was decoded to; these lack the end of theirs.
    const packed = gzipSync(chat.padEnd(LIMIT - 1));
    const bodies = Array.from({ length: 16 }, () => hold(greedy, packed, ['content-encoding: gzip']));
    await eventually(() => expect(bodies.some(({ answer }) => answer.text.includes(' 503 '))).toBe(true));
    expect(await held()).toBeGreaterThan(POT / 4);
    expect((await post(knownKey('6'), chat.padEnd(LIMIT))).status).toBe(200);
  });
});

describe('requests under way', () => {
  test('are limited for each key and its successor, whatever they ask, and others are not', async () => {
    const [key, successor, other] = [knownKey('7'), knownKey('7'), knownKey('8')];
    await post(successor, chat);
    const bodies: ReturnType<typeof hold>[] = [];
    const areHeld = () => bodies.filter(({ socket, answer }) => !socket.closed && answer.text === '').length;
    // Those that have ended are made up for: a question may take a place, or a key's look-up fail on a busy machine.
    const fill = () => {
      while (areHeld() < 20) bodies.push(hold(bodies.length % 2 ? key : successor, Buffer.from(chat)));
    };
    const models = async (raw: string) => {
      const response = await fetch(`${api}/v1/models`, { headers: { authorization: `Bearer ${raw}` } });
      const body = (await response.json()) as { error?: { code: string } };
      return { status: response.status, retryAfter: response.headers.get('retry-after'), code: body.error?.code };
    };
    await eventually(async () => {
      fill();
      expect(await models(key)).toEqual({ status: 429, retryAfter: '1', code: 'rate_limit_exceeded' });
    });
    expect((await post(successor, chat)).status).toBe(429);
    expect(await models(other)).toMatchObject({ status: 200 });
    for (const end of ends) end();
    await eventually(async () => expect(await models(key)).toMatchObject({ status: 200 }));
  });
});
