import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startService, stopService } from '@orgn/service-kit';
import { eventually, startRouterBench, type RouterBench } from '@orgn/testing';
import { v7 as uuidv7 } from 'uuid';
import { inferenceRouter } from '../service.ts';
import { RunningExchanges } from './running-exchanges.ts';

const modelOf = (provider: string, execution: string) =>
  `- { id: ${provider}_chat, provider: ${provider}, upstream: chat, execution: ${execution}, type: chat, context: 9000, maxOutput: 8000, defaultOutput: 500, price: { input: "1", output: "1" } }`;
const models = [modelOf('local', 'operator'), modelOf('vercel', 'zdr')].join('\n');
const hello = { model: 'local_chat', messages: [{ role: 'user', content: 'Hello' }] };
const streamed = { ...hello, stream: true, stream_options: { include_usage: true } };
const drained = { ...streamed, model: 'vercel_chat' };
const KIB = 1024;

let answer: (response: ServerResponse) => void = () => undefined;
let upstream: Server;
let bench: RouterBench;
let router: Awaited<ReturnType<typeof startService>>;

beforeAll(async () => {
  upstream = createServer((request, response) => {
    request.resume();
    request.on('end', () => answer(response));
  }).listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  const url = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/v1`;
  const more = {
    LOCAL_BASE_URL: url,
    VERCEL_BASE_URL: url,
    MAX_ANSWER_BYTES: String(256 * KIB),
    MAX_HELD_BYTES: String(640 * KIB),
    MAX_BODY_BYTES: String(600 * KIB),
    MAX_STREAMS_PER_KEY: '2',
    RETRY_RATIO: '0',
  };
  const start = async (environment: Record<string, string>) =>
    (router = await startService(inferenceRouter, environment));
  bench = await startRouterBench({ start, models, more }, uuidv7);
});
beforeEach(() => bench.forget());
afterAll(async () => {
  await bench.stop();
  upstream.closeAllConnections();
  upstream.close();
});

const ask = (body: object, signal?: AbortSignal) => bench.ask('/chat/completions', body, signal ? { signal } : {});
const event = (chunk: object) => `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', ...chunk })}\n\n`;
const token = (content: string) => event({ choices: [{ index: 0, delta: { content } }] });
const end = event({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
const usage = event({ choices: [], usage: { prompt_tokens: 20, completion_tokens: 7, total_tokens: 27 } });
const begin = (response: ServerResponse, ...events: string[]) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const each of events) response.write(each);
};
const heldBytes = async () =>
  Number(/^orgn_router_held_bytes\{.*\} (\d+)$/m.exec(await (await fetch(bench.metricsUrl)).text())?.[1]);
const outcomes = () => bench.events.map(({ data }) => data.outcome);

describe('memory', () => {
  test('of what follows the final usage is bounded as an answer is: the stream ends as malformed', async () => {
    answer = (response) => {
      begin(response, token('Hi'), end, usage);
      const more = () => {
        while (!response.destroyed && response.write(`: ${'x'.repeat(16 * KIB)}\n\n`));
      };
      response.on('drain', more);
      more();
    };
    const text = await (await ask(streamed)).text();
    expect(text).toContain('"code":"provider_unavailable"');
    expect(text).not.toContain('[DONE]');
    await eventually(() => expect(outcomes()).toEqual(['failed']));
    await eventually(async () => expect(await heldBytes()).toBe(0));
  });

  test('of all requests and answers together is bounded: one too many is refused by 503, before it is read', async () => {
    const open: ServerResponse[] = [];
    answer = (response) => void open.push(response);
    const large = { ...hello, messages: [{ role: 'user', content: 'x'.repeat(250 * KIB) }] };
    const cut = new AbortController();
    const first = [ask(large, cut.signal), ask(large, cut.signal)].map((each) => each.catch(() => undefined));
    await eventually(() => expect(open).toHaveLength(2));
    const refused = await ask(large);
    expect([refused.status, await refused.json()]).toMatchObject([503, { code: 'service_unavailable' }]);
    // There is room for a small one, and for an answer of 100 KiB, but not for 200.
    answer = (response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(whole(100));
    expect((await ask(hello)).status).toBe(200);
    answer = (response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(whole(200));
    expect((await ask(hello)).status).toBe(503);
    for (const response of open) response.writeHead(200, { 'content-type': 'application/json' }).end(whole(1));
    await Promise.all(first);
    await eventually(async () => expect(await heldBytes()).toBe(0));
  });

  const whole = (kib: number) =>
    JSON.stringify({
      choices: [{ index: 0, message: { role: 'assistant', content: 'x'.repeat(kib * KIB) }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 20, completion_tokens: 7, total_tokens: 27 },
    });

  test('is not taken for a body that is longer than any may be: it is refused unread', async () => {
    const refused = await ask({ ...hello, messages: [{ role: 'user', content: 'x'.repeat(700 * KIB) }] });
    expect([refused.status, await refused.json()]).toMatchObject([413, { code: 'request_too_large' }]);
    await eventually(async () => expect(await heldBytes()).toBe(0));
  });
});

describe('the streams of a key', () => {
  test('count until the model has ended, also those whose caller is gone', async () => {
    const open: ServerResponse[] = [];
    answer = (response) => {
      begin(response, token('Hi'));
      open.push(response);
    };
    const leaving = new AbortController();
    await Promise.all([ask(drained, leaving.signal), ask(drained, leaving.signal)]);
    leaving.abort();
    expect((await ask(drained)).status).toBe(429);
    // Both still run, for what they cost: nobody reads them.
    expect(open.map((response) => response.destroyed)).toEqual([false, false]);
    for (const response of open) response.end(`${end}${usage}data: [DONE]\n\n`);
    await eventually(() => expect(outcomes()).toEqual(['cancelled', 'cancelled']));
    answer = (response) => begin(response, token('Hi'), end, usage, 'data: [DONE]\n\n');
    expect((await ask(drained)).status).toBe(200);
  });
});

describe('a stop whose grace period is over', () => {
  test('tells callers by an error, and records what they got before the process ends', async () => {
    answer = (response) => begin(response, token('Hi'), token(' there'));
    const reader = await ask(streamed);
    const stopping = stopService(router);
    router.app.get(RunningExchanges).cutAll();
    const text = await reader.text();
    expect(text).toContain('"code":"service_unavailable"');
    expect(text).not.toContain('[DONE]');
    await stopping;
    // Stored, not only said: the router is gone.
    await eventually(() => expect(outcomes()).toEqual(['failed']));
    expect(bench.events[0]?.data.completionTokens).toBe(2);
  });
});
