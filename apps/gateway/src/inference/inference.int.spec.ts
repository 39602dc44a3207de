import { once } from 'node:events';
import { connect } from 'node:net';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { DISPATCH_ERROR_TYPE } from '@orgn/dialects';
import { beginIdempotent, endIdempotent, type ErrorCode, type ReplyOf, type RequestOf } from '@orgn/contracts';
import { EdgeStage, eventually, playResponder, type PlayedAnswer } from '@orgn/testing';
import { makeKey, makeWord } from '../authentication/make.ts';
import { makeModel } from '../models/make.ts';
import { gateway } from '../service.ts';

const { teamId } = makeWord();
const key = makeKey();
const messages = [{ role: 'user', content: 'Hi' }];
const chat = { model: 'near_qwen3_30b', messages };

let stage: EdgeStage;
let api: string;
let begun: RequestOf<typeof beginIdempotent>[] = [];
let ended: RequestOf<typeof endIdempotent>[] = [];
let state: Omit<ReplyOf<typeof beginIdempotent>, 'requestId'>;
/** The answers that the router was asked for. */
let open: PlayedAnswer[] = [];

const post = (path: string, body: object, headers: Record<string, string> = {}) =>
  fetch(`${api}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key.raw}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
const named = (idempotencyKey: string, body: object = chat) =>
  post('/v1/chat/completions', body, { 'idempotency-key': idempotencyKey });
const refuse = (code: ErrorCode) => {
  stage.answer = ({ response }) => {
    response.writeHead(400, { 'content-type': DISPATCH_ERROR_TYPE }).end(JSON.stringify({ code, message: 'No.' }));
  };
};
const outcome = async (sent: Promise<Response>) => {
  const response = await sent;
  const { error } = (await response.json()) as { error: { code: string; message: string } };
  return { status: response.status, retry: response.headers.get('x-should-retry'), ...error };
};

beforeAll(async () => {
  stage = await EdgeStage.open([makeModel({ capabilities: ['chat', 'completions', 'transcription'] })]);
  stage.know(key.digest, makeWord());
  playResponder(stage.bus, beginIdempotent, (request) => {
    begun.push(request);
    return { ...state, requestId: request.requestId };
  });
  playResponder(stage.bus, endIdempotent, (request) => {
    ended.push(request);
    return {};
  });
  ({ api } = await stage.start(gateway, { MAX_STREAMS_PER_KEY: '2', READ_STALL_MS: '500' }));
});
beforeEach(() => {
  [begun, ended, open] = [[], [], []];
  state = { state: 'started', outcome: null, costNanoUsd: null };
  stage.answer = ({ response }) => response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
});
afterEach(() => {
  for (const answer of open) answer.destroy();
});
afterAll(() => stage.close());

describe('an idempotency key', () => {
  test('starts its request once, and the store gets digests only', async () => {
    expect((await named('order-7')).status).toBe(200);
    await eventually(() => expect(ended).toHaveLength(1));
    expect(begun).toMatchObject([{ teamId, keyDigest: expect.stringMatching(/^[\w-]{43}$/) }]);
    expect(ended).toEqual([{ teamId, requestId: begun[0]!.requestId, outcome: 'completed' }]);
    expect(JSON.stringify([begun, ended])).not.toContain('order-7');
  });

  test('digests the same request alike, and another key, body or path differently', async () => {
    const digests = async (sent: Promise<Response>) => {
      await sent;
      const { keyDigest, bodyDigest } = begun.at(-1)!;
      return { keyDigest, bodyDigest };
    };
    const first = await digests(named('a'));
    expect(await digests(named('a'))).toEqual(first);
    expect((await digests(named('b'))).keyDigest).not.toBe(first.keyDigest);
    expect((await digests(named('a', { ...chat, seed: 1 }))).bodyDigest).not.toBe(first.bodyDigest);
    const elsewhere = post('/v1/completions', { model: chat.model, prompt: 'Hi' }, { 'idempotency-key': 'a' });
    expect((await digests(elsewhere)).bodyDigest).not.toBe(first.bodyDigest);
  });

  test('names the body that was meant, however it was encoded for the way', async () => {
    const body = Buffer.from(JSON.stringify(chat));
    const ways: [Buffer, Record<string, string>][] = [
      [body, {}],
      [gzipSync(body), { 'content-encoding': 'gzip' }],
      [zstdCompressSync(body), { 'content-encoding': 'zstd' }],
      [Buffer.from(`\ufeff${body.toString()}`), { 'content-type': 'application/json, application/json' }],
    ];
    for (const [bytes, headers] of ways)
      await fetch(`${api}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key.raw}`, 'idempotency-key': 'a', 'content-type': 'json', ...headers },
        body: new Uint8Array(bytes),
      });
    expect(begun).toHaveLength(ways.length);
    expect(new Set(begun.map(({ bodyDigest }) => bodyDigest)).size).toBe(1);
  });

  test.each([
    [{ state: 'in_progress', outcome: null, costNanoUsd: null }, 409, 'idempotency_in_progress', []],
    [{ state: 'mismatch', outcome: null, costNanoUsd: null }, 422, 'idempotency_mismatch', []],
    [
      { state: 'completed', outcome: 'failed', costNanoUsd: 61_650 },
      409,
      'idempotency_completed',
      ['failed', '0.000061650 USD'],
    ],
    [{ state: 'completed', outcome: 'completed', costNanoUsd: null }, 409, 'idempotency_completed', ['not settled']],
  ] as const)(
    'that was used before (%j) runs nothing, and says what became of it',
    async (found, status, code, parts) => {
      state = found;
      const before = stage.posted;
      const refused = await outcome(named('order-7'));
      expect(refused).toMatchObject({ status, code, retry: 'false' });
      for (const part of [begun[0]!.requestId, ...parts]) expect(refused.message).toContain(part);
      expect(stage.posted).toBe(before);
      expect(ended.map(({ requestId }) => requestId)).not.toContain(begun[0]!.requestId);
    },
  );

  test('is free again when the request was refused before a provider saw it', async () => {
    refuse('attestation_failed');
    expect(await outcome(named('order-7'))).toMatchObject({ code: 'attestation_failed', retry: 'true' });
    await eventually(() => expect(ended).toMatchObject([{ outcome: 'released' }]));
  });

  test('is spent when a provider failed, and no client repeats that by itself', async () => {
    refuse('provider_unavailable');
    expect(await outcome(named('order-7'))).toMatchObject({ code: 'provider_unavailable', retry: 'false' });
    await eventually(() => expect(ended).toMatchObject([{ outcome: 'failed' }]));
    expect(await outcome(post('/v1/chat/completions', chat))).toMatchObject({ retry: 'true' });
  });

  test('is not asked about for a request that is refused anyway, and must be one', async () => {
    expect(await outcome(named('order-7', { ...chat, Model: 1 }))).toMatchObject({ status: 400 });
    expect(await outcome(named('x'.repeat(256)))).toMatchObject({ status: 400, code: 'invalid_request' });
    expect(await outcome(named('two words'))).toMatchObject({ status: 400, code: 'invalid_request' });
    expect(begun).toEqual([]);
  });

  test('of a form is not spoilt by the boundary that a repetition draws anew', async () => {
    const send = async (text: string, boundary: string) => {
      const part = (name: string, value: string, more = '') =>
        `--${boundary}\r\ncontent-disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`;
      const body = `${part('model', chat.model)}${part('file', text, '; filename="a.wav"')}--${boundary}--\r\n`;
      await fetch(`${api}/v1/audio/transcriptions`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${key.raw}`,
          'content-type': `multipart/form-data; boundary=${boundary}`,
          'idempotency-key': 'a',
        },
        body,
      });
      return begun.at(-1)?.bodyDigest;
    };
    const first = await send('RIFF', 'one');
    expect(first).toBeDefined();
    expect(await send('RIFF', 'another')).toBe(first);
    expect(await send('RIFX', 'one')).not.toBe(first);
  });
});

describe('streams', () => {
  const streamed = { ...chat, stream: true };
  const begin = () => {
    stage.answer = ({ response }) => {
      open.push(response);
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: {"id":"1"}\n\n');
    };
  };

  test('of one key are limited in number, and a slot is free again when one ends', async () => {
    begin();
    const first = await post('/v1/chat/completions', streamed);
    await post('/v1/chat/completions', streamed);
    const refused = await post('/v1/chat/completions', streamed);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await outcome(Promise.resolve(refused))).toMatchObject({ status: 429, code: 'rate_limit_exceeded' });
    expect((await fetch(`${api}/v1/models`, { headers: { authorization: `Bearer ${key.raw}` } })).status).toBe(200);
    open[0]!.end();
    await first.text();
    await eventually(async () => expect((await post('/v1/chat/completions', streamed)).status).toBe(200));
  });

  test.each([
    ['/v1/chat/completions', streamed, /^data: \{"error":\{.*"code":"service_unavailable"/],
    [
      '/v1/responses',
      { model: chat.model, input: 'Hi', stream: true },
      /^event: error\ndata: \{"type":"error".*"sequence_number":1/,
    ],
    [
      '/v1/messages',
      { ...streamed, max_tokens: 9 },
      /^event: error\ndata: \{"type":"error","error":\{"type":"overloaded_error"/,
    ],
  ])('whose router is lost end in one error event of their protocol: %s', async (path, body, expected) => {
    begin();
    const response = await post(path, body);
    await eventually(() => expect(open).toHaveLength(1));
    open[0]!.destroy();
    const events = (await response.text()).split('\n\n').filter((event) => event.trim() !== '');
    expect(events).toHaveLength(2);
    expect(events[1]!.trim()).toMatch(expected);
  });

  test('ask proxies to pass them on as they come; other answers leave that to the proxy', async () => {
    begin();
    const stream = await post('/v1/chat/completions', streamed);
    await eventually(() => expect(open).toHaveLength(1));
    open[0]!.end('data: [DONE]\n\n');
    await stream.text();
    stage.answer = ({ response }) => response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    const plain = await post('/v1/chat/completions', chat);
    const wordOf = (response: Response) => response.headers.get('x-accel-buffering');
    expect([wordOf(stream), wordOf(plain)]).toEqual(['no', null]);
  });

  test('that nobody reads are given up, and so is the work behind them', async () => {
    stage.answer = ({ response }) => {
      open.push(response);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const more = () => {
        while (!response.destroyed && response.write(`data: ${'x'.repeat(65_536)}\n\n`));
      };
      response.on('drain', more);
      more();
    };
    const { hostname, port } = new URL(api);
    const socket = connect(Number(port), hostname).on('error', () => undefined);
    socket.pause();
    const body = JSON.stringify(streamed);
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: edge\r\nauthorization: Bearer ${key.raw}\r\n` +
        `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    await eventually(() => expect(open).toHaveLength(1));
    await once(open[0]!, 'close');
    socket.destroy();
  });
});
