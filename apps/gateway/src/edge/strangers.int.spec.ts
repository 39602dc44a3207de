import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { EdgeStage, eventually } from '@orgn/testing';
import { makeKey, makeWord } from '../authentication/make.ts';
import { makeModel } from '../models/make.ts';
import { endpoints, isApiPath } from '../paths/endpoints.ts';
import { gateway } from '../service.ts';

const key = makeKey();
const chat = { model: 'near_qwen3_30b', messages: [{ role: 'user', content: 'Hi' }] };
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY'];
const paths = endpoints.filter(({ name }) => isApiPath(name)).map(({ name }) => name);
const urls = [...paths, '/v1/models/near/Qwen3-30B', '/v1/chat/completions/', '/v1/models?x=1'];

let stage: EdgeStage;
let api: string;
let ops: string;

interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  text: string;
}

interface Sent {
  method: string;
  url: string;
  headers?: Record<string, string>;
  body?: string | Buffer | undefined;
}

/** Sends what `fetch` would not. */
const send = ({ method, url, headers = {}, body }: Sent) =>
  new Promise<Answer>((resolve, reject) => {
    const framed = { ...headers, ...(body && { 'content-length': Buffer.byteLength(body) }) };
    const target = `${api}${url.replace('{id}', 'near_qwen3_30b')}`;
    const sent = httpRequest(target, { method, headers: framed }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, text }));
    });
    sent.on('error', reject).end(body);
  });
const bodies: [string, Record<string, string>, string | undefined][] = [
  ['none', {}, undefined],
  ['a request', {}, JSON.stringify(chat)],
  ['a model that is not there', {}, JSON.stringify({ ...chat, model: 'near/Qwen3-30B' })],
  ['a model that cannot do it', {}, JSON.stringify({ ...chat, model: 'vercel_embed' })],
  ['broken JSON', {}, '{"model":'],
  ['an empty list', {}, '[]'],
  ['another type', { 'content-type': 'text/plain' }, 'hello'],
  ['a form without a boundary', { 'content-type': 'multipart/form-data' }, 'hello'],
  ['an encoding that is not known', { 'content-encoding': 'compress' }, 'hello'],
  ['an encoding that is another', { 'content-encoding': 'gzip' }, 'hello'],
  ['a demand that is not understood', { 'x-ollm-require': 'everything' }, JSON.stringify(chat)],
  ['an expectation that is not known', { expect: 'everything' }, JSON.stringify(chat)],
];
/** What of an answer could tell one request from another. */
const told = ({ status, headers, text }: Answer, method: string) => ({
  status,
  type: headers['content-type'],
  text: method === 'HEAD' ? '' : text.replace(headers['x-request-id'] as string, ''),
  allow: headers.allow,
});

beforeAll(async () => {
  const embed = makeModel({ id: 'vercel_embed', provider: 'vercel', execution: 'zdr', capabilities: ['embeddings'] });
  stage = await EdgeStage.open([makeModel(), embed]);
  stage.know(key.digest, makeWord());
  ({ api, ops } = await stage.start(gateway, { UNKNOWN_KEYS_NETWORK_BURST: '100000', UNKNOWN_KEYS_BURST: '100000' }));
});
afterAll(() => stage.close());

describe('a key that nobody has', () => {
  test.each(methods)('gets the same 401 from every endpoint, whatever is sent with it: %s', async (method) => {
    const answers = await Promise.all(
      urls.flatMap((url) =>
        bodies.map(async ([, headers, body]) => {
          const sent = { ...headers, authorization: `Bearer ${makeKey().raw}`, connection: 'close' };
          return { url, told: told(await send({ method, url, headers: sent, body }), method) };
        }),
      ),
    );
    // Each protocol has an envelope of its own, and nothing else is different.
    for (const isAnthropic of [true, false]) {
      const ours = answers.filter(({ url }) => url.startsWith('/v1/messages') === isAnthropic);
      expect(ours[0]!.told).toMatchObject({ status: 401, allow: undefined });
      for (const answer of ours) expect(answer).toEqual({ url: answer.url, told: ours[0]!.told });
    }
  });

  test('finds no way around by writing a path otherwise', async () => {
    const headers = { authorization: `Bearer ${makeKey().raw}` };
    for (const url of ['/v1/%63hat/completions', '/%76%31/chat/completions', '/v1/chat/completions?key=1'])
      expect((await send({ method: 'POST', url, headers, body: JSON.stringify(chat) })).status).toBe(401);
  });

  test('learns nothing from a key that was good a moment ago either', async () => {
    const dead = makeKey();
    const authorization = `Bearer ${dead.raw}`;
    stage.know(dead.digest, makeWord());
    for (const body of [JSON.stringify({ ...chat, model: 'near/Qwen3-30B' }), '{'])
      for (const url of ['/v1/chat/completions', '/v1/messages/count_tokens', '/v1/responses/input_tokens']) {
        stage.know(dead.digest, makeWord());
        expect((await send({ method: 'GET', url: '/v1/models', headers: { authorization } })).status).toBe(200);
        stage.forget(dead.digest);
        const answer = await send({ method: 'POST', url, headers: { authorization }, body });
        expect([answer.status, answer.text.includes('near_')]).toEqual([401, false]);
      }
    stage.know(dead.digest, makeWord());
    await send({ method: 'GET', url: '/v1/models', headers: { authorization } });
    stage.forget(dead.digest);
    for (const url of ['/v1/responses/resp_1', '/v1/models?allow_tee=1', '/v1/models/none'])
      expect((await send({ method: 'GET', url, headers: { authorization } })).status).toBe(401);
  });
});

describe('a body', () => {
  const head = (raw: string, lines: string[]) =>
    ['POST /v1/chat/completions HTTP/1.1', 'host: edge', `authorization: Bearer ${raw}`, ...lines, '', ''].join('\r\n');
  const open = () => {
    const { hostname, port } = new URL(api);
    const socket = connect(Number(port), hostname);
    const heard = { text: '' };
    socket.on('data', (chunk: Buffer) => (heard.text += chunk.toString('latin1'))).on('error', () => undefined);
    return { socket, heard };
  };
  const body = JSON.stringify(chat);
  const expecting = ['content-type: application/json', `content-length: ${body.length}`, 'expect: 100-continue'];

  test('is asked for once the key is known to be good, and not before', async () => {
    const [stranger, customer] = [open(), open()];
    const answerLater = stage.holdWords();
    const fresh = makeKey();
    stage.know(fresh.digest, makeWord());
    stranger.socket.write(head(makeKey().raw, expecting));
    customer.socket.write(head(fresh.raw, expecting));
    await delay(200);
    expect([stranger.heard.text, customer.heard.text]).toEqual(['', '']);
    answerLater();
    await once(stranger.socket, 'close');
    expect(stranger.heard.text).toMatch(/^HTTP\/1\.1 401 [^]*connection: close\r\n[^]*"invalid_api_key"/);
    expect(stranger.heard.text).not.toContain('100 Continue');
    await eventually(() => expect(customer.heard.text).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\n$/));
    customer.socket.write(body);
    await eventually(() => expect(customer.heard.text).toContain('HTTP/1.1 200 OK'));
    customer.socket.destroy();
  });

  test('is not read while the registry is asked, and then whole', async () => {
    const answerLater = stage.holdWords();
    const fresh = makeKey();
    stage.know(fresh.digest, makeWord());
    const large = JSON.stringify({ ...chat, messages: [{ role: 'user', content: 'x'.repeat(31 * 1024 * 1024) }] });
    const { socket, heard } = open();
    socket.write(head(fresh.raw, ['content-type: application/json', `content-length: ${large.length}`]));
    socket.write(large);
    await delay(300);
    // Kernels take a few megabytes by themselves.
    expect(socket.writableLength).toBeGreaterThan(16 * 1024 * 1024);
    const metrics = await (await fetch(`${ops}/metrics`)).text();
    expect(metrics).toMatch(/orgn_edge_body_bytes\{[^}]*\} 0\n/);
    answerLater();
    await eventually(() => expect(heard.text).toMatch(/^HTTP\/1\.1 200 /));
    socket.destroy();
  });

  test('of a stranger costs one question, and its answer ends the connection', async () => {
    const asked = stage.asked;
    const { socket, heard } = open();
    socket.write(head(makeKey().raw, ['content-type: application/json', 'content-length: 8388608']));
    socket.write(Buffer.alloc(65_536, ' '));
    await once(socket, 'close');
    expect(heard.text).toMatch(/^HTTP\/1\.1 401 /);
    expect(stage.asked).toBe(asked + 1);
  });

  test('does not put its refusal before the answer to an earlier request of the connection', async () => {
    const { socket, heard } = open();
    const first = head(key.raw, ['content-type: application/json', `content-length: ${body.length}`]);
    const second = head('sk-ollm-nonsense', ['content-type: application/json', 'content-length: 8388608']);
    socket.write(`${first}${body}${second}{`);
    await once(socket, 'close');
    expect([...heard.text.matchAll(/HTTP\/1\.1 (\d+) /g)].map(([, status]) => status)).toEqual(['200', '401']);
  });
});
