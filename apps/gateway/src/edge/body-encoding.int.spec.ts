import { connect } from 'node:net';
import { brotliCompressSync, constants, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { EdgeStage, eventually, type Posted } from '@orgn/testing';
import { makeKey, makeWord } from '../authentication/make.ts';
import { makeModel } from '../models/make.ts';
import { gateway } from '../service.ts';

const key = makeKey();
const LIMIT = 100_000;
const chat = Buffer.from(
  JSON.stringify({ model: 'near_qwen3_30b', messages: [{ role: 'user', content: 'Grüße'.repeat(2_000) }] }),
);
const MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const encoders: [name: string, encode: (bytes: Buffer) => Buffer][] = [
  ['gzip', (bytes) => gzipSync(bytes)],
  ['X-GZIP', (bytes) => gzipSync(bytes)],
  ['zstd', (bytes) => zstdCompressSync(bytes)],
  ['deflate', (bytes) => deflateSync(bytes)],
  ['br', (bytes) => brotliCompressSync(bytes)],
];

let stage: EdgeStage;
let api: string;
let ops: string;
let last: Posted | undefined;

const post = (body: Buffer, encoding?: string) =>
  fetch(`${api}/v1/chat/completions`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key.raw}`,
      'content-type': 'application/json',
      ...(encoding !== undefined && { 'content-encoding': encoding }),
    },
    body: new Uint8Array(body),
  });
const refusal = async (sent: Promise<Response>) => {
  const response = await sent;
  return [response.status, ((await response.json()) as { error: { code: string } }).error.code];
};
const held = async () =>
  Number(/orgn_edge_body_bytes\{[^}]*\} (\d+)/.exec(await (await fetch(`${ops}/metrics`)).text())?.[1]);

beforeAll(async () => {
  stage = await EdgeStage.open([makeModel()]);
  stage.know(key.digest, makeWord());
  stage.answer = (posted) => {
    last = posted;
    posted.response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  };
  const more = { MAX_BODY_BYTES: String(LIMIT), MAX_BODIES_BYTES: '80000' };
  ({ api, ops } = await stage.start(gateway, more));
});
afterAll(() => stage.close());

describe('a body that is encoded', () => {
  test.each(encoders)('as %s reaches the router as it was meant', async (encoding, encode) => {
    last = undefined;
    expect((await post(encode(chat), encoding)).status).toBe(200);
    expect(last).toMatchObject({ body: chat });
    expect(last!.headers['content-encoding']).toBeUndefined();
  });

  test('in several pieces of gzip is one body', async () => {
    expect(
      (await post(Buffer.concat([gzipSync(chat.subarray(0, 99)), gzipSync(chat.subarray(99))]), 'gzip')).status,
    ).toBe(200);
    expect(last).toMatchObject({ body: chat });
  });

  test.each(encoders)('as %s and grows without end is stopped at the limit', async (encoding, encode) => {
    const before = process.memoryUsage().rss;
    expect(await refusal(post(encode(Buffer.alloc(100_000_000)), encoding))).toEqual([413, 'request_too_large']);
    expect(process.memoryUsage().rss - before).toBeLessThan(300_000_000);
    await eventually(async () => expect(await held()).toBe(0));
  });

  test.each(encoders)('as %s and is cut, or followed by something, is refused', async (encoding, encode) => {
    const whole = encode(chat);
    for (const body of [whole.subarray(0, -3), Buffer.concat([whole, Buffer.from('and more')]), chat])
      expect(await refusal(post(body, encoding))).toEqual([400, 'invalid_request']);
  });

  test('twice, or in a way that is not known, is refused', async () => {
    for (const encoding of ['gzip, gzip', 'identity, gzip', 'compress', 'gzip;q=1', '__proto__'])
      expect(await refusal(post(gzipSync(chat), encoding))).toEqual([400, 'invalid_request']);
  });

  test('with a window of more than 8 MiB is refused', async () => {
    const params = { [constants.ZSTD_c_windowLog]: 27, [constants.ZSTD_c_compressionLevel]: 1 };
    const wide = zstdCompressSync(Buffer.alloc(40_000_000), { params });
    expect(await refusal(post(wide, 'zstd'))).toEqual([400, 'invalid_request']);
  });

  test('counts what it holds while it is decoded, over all requests of its key', async () => {
    const { hostname, port } = new URL(api);
    const open = gzipSync(Buffer.concat([chat, Buffer.alloc(95_000 - chat.length, ' ')]), { level: 0 });
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: edge\r\nauthorization: Bearer ${key.raw}\r\ncontent-encoding: gzip\r\n` +
        `content-length: ${open.length + 1}\r\n\r\n`,
    );
    socket.write(open.subarray(0, -9));
    await eventually(async () => expect(await held()).toBeGreaterThan(80_000));
    const refused = await refusal(
      post(gzipSync(Buffer.concat([chat, Buffer.alloc(95_000 - chat.length, ' ')])), 'gzip'),
    );
    expect(refused).toEqual([503, 'service_unavailable']);
    socket.destroy();
    await eventually(async () => expect(await held()).toBe(0));
  });
});

describe('a byte order mark before JSON', () => {
  test('goes no further than here, encoded or not', async () => {
    for (const [body, encoding] of [
      [Buffer.concat([MARK, chat]), undefined],
      [gzipSync(Buffer.concat([MARK, chat])), 'gzip'],
    ] as const) {
      last = undefined;
      expect((await post(body, encoding)).status).toBe(200);
      expect(last).toMatchObject({ body: chat });
    }
  });

  test('of another charset, or a second one, is refused', async () => {
    for (const body of [Buffer.from(`\ufeff${chat.toString()}`, 'utf16le'), Buffer.concat([MARK, MARK, chat])])
      expect(await refusal(post(body))).toEqual([400, 'invalid_request']);
  });
});

describe('what a caller expects of the connection', () => {
  const raw = async (lines: string[], body = '') => {
    const { hostname, port } = new URL(api);
    const socket = connect(Number(port), hostname);
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1'))).on('error', () => undefined);
    const head = [...lines, 'host: edge', `authorization: Bearer ${key.raw}`, `content-length: ${body.length}`];
    socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
    await eventually(() => expect(text).toMatch(/\r\n\r\n[^]*[}]/));
    socket.destroy();
    return text;
  };
  const small = JSON.stringify({ model: 'near_qwen3_30b', messages: [{ role: 'user', content: 'Hi' }] });

  test.each(['/v1/responses', '/v1/models', '/v1/realtime'])('a websocket at %s is a 426', async (path) => {
    for (const more of [['connection: Upgrade', 'sec-websocket-version: 13'], []]) {
      const text = await raw([`GET ${path} HTTP/1.1`, 'upgrade: websocket', ...more]);
      expect(text).toMatch(/^HTTP\/1\.1 426 /);
      expect(text).toMatch(/\r\nupgrade: HTTP\/1\.1\r\n/i);
      expect(text).toContain('"code":"upgrade_refused"');
    }
  });

  test('HTTP/2 where it is offered beside HTTP/1.1 is passed over, as Java offers it', async () => {
    const upgrade = ['connection: Upgrade, HTTP2-Settings', 'upgrade: h2c', 'http2-settings: AAMAAABkAAQAAP__'];
    expect(await raw(['POST /v1/chat/completions HTTP/1.1', ...upgrade], small)).toMatch(/^HTTP\/1\.1 200 /);
    expect(await raw(['GET /v1/models HTTP/1.1', ...upgrade])).toMatch(/^HTTP\/1\.1 200 /);
  });

  test('anything that is not known is a 400 in our words', async () => {
    const text = await raw(['POST /v1/chat/completions HTTP/1.1', 'expect: the-unexpected'], small);
    expect(text).toMatch(/^HTTP\/1\.1 400 [^]*"param":"expect"/);
    expect(await raw(['PROPFIND /v1/models HTTP/1.1'])).toMatch(/^HTTP\/1\.1 405 /);
  });
});
