import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startService } from '@orgn/service-kit';
import { eventually, startRouterBench, type RouterBench } from '@orgn/testing';
import { v7 as uuidv7 } from 'uuid';
import { inferenceRouter } from '../service.ts';

const model = (id: string, rest: string) =>
  `- { id: local_${id}, provider: local, upstream: ${id}, execution: operator, context: 9000, ${rest} }`;
const chat = 'type: chat, maxOutput: 8000, defaultOutput: 500, price: { input: "1", output: "1", cachedInput: "0.1" }';
const models = [model('chat', chat), model('spare', chat)].join('\n');
const hello = { model: 'local_chat', messages: [{ role: 'user', content: 'Hello' }] };
const streamed = { ...hello, stream: true, stream_options: { include_usage: true } };

/** What the upstream does with a request for a model. */
let answer: (response: ServerResponse, upstreamModel: string) => void = () => undefined;
let upstream: Server;
let bench: RouterBench;
beforeAll(async () => {
  upstream = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { model: asked } = JSON.parse(Buffer.concat(chunks).toString()) as { model: string };
      if (asked === 'spare') stream(response, [token('spare'), end, 'data: [DONE]\n\n']);
      else answer(response, asked);
    });
  }).listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  const start = (environment: Record<string, string>) => startService(inferenceRouter, environment);
  const url = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/v1`;
  bench = await startRouterBench(
    { start, models, more: { LOCAL_BASE_URL: url, RETRY_RATIO: '0', CIRCUIT_FAILURES: '100000' } },
    uuidv7,
  );
});
beforeEach(() => bench.forget());
afterAll(async () => {
  await bench.stop();
  upstream.closeAllConnections();
  upstream.close();
});

const event = (chunk: object) => `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', ...chunk })}\n\n`;
const token = (content: string, more: object = {}) => event({ choices: [{ index: 0, delta: { content } }], ...more });
const end = event({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
const usage = { prompt_tokens: 20, completion_tokens: 7, total_tokens: 27 };

function stream(response: ServerResponse, events: string[], type: string | undefined = 'text/event-stream') {
  response.writeHead(200, type ? { 'content-type': type } : {});
  response.end(events.join(''));
}
const ask = (body: object, path = '/chat/completions') => bench.ask(path, body);
const word = async () => {
  await eventually(() => expect(bench.events).toHaveLength(1));
  return bench.events[0]!.data;
};
const whole = /"content":"a".*"finish_reason":"stop".*\[DONE\]\n\n$/s;

describe('a stream is whole', () => {
  test.each<[string, string[], string | undefined]>([
    ['without a type', [token('a'), end, event({ choices: [], usage })], ''],
    ['as plain text', [token('a'), end, 'data: [DONE]\n\n'], 'text/plain'],
    ['with a type in capitals', [token('a'), end], 'Text/Event-Stream; charset=UTF-8'],
    ['without blanks after the colon', [token('a'), end].map((text) => text.replace('data: ', 'data:')), undefined],
    ['with CR LF', [token('a'), end, 'data: [DONE]\n\n'].map((text) => text.replaceAll('\n', '\r\n')), undefined],
    ['with CR alone', [token('a'), end, 'data: [DONE]\n\n'].map((text) => text.replaceAll('\n', '\r')), undefined],
    [
      'with ids, names and comments',
      [': hi\n\n', `id: 1\nevent: chunk\n${token('a')}`, 'retry: 9\n\n', end],
      undefined,
    ],
    ['with two chunks in one event', [token('a').slice(0, -1), end], undefined],
    ['with [DONE] in the event of the last chunk', [token('a'), end.slice(0, -1), 'data: [DONE]\n\n'], undefined],
    ['with half an event after its end', [token('a'), end, 'data: {"choi'], undefined],
  ])('%s', async (_name, events, type) => {
    answer = (response) => stream(response, events, type);
    expect(await (await ask(streamed)).text()).toMatch(whole);
    expect(await word()).toMatchObject({ outcome: 'completed', model: 'local_chat' });
  });

  test.each([{}, { 'x-ollm-raw': 'true' }])('that says nothing and ends at once, with %j', async (headers) => {
    answer = (response) => stream(response, [end, 'data: [DONE]\n\n']);
    const response = await bench.ask('/chat/completions', streamed, { headers });
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
    expect(await response.text()).toMatch(/"finish_reason":"stop".*\[DONE\]\n\n$/s);
    expect(await word()).toMatchObject({ outcome: 'completed' });
  });

  test('when the connection is lost after its end', async () => {
    answer = (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(token('a') + end, () => setTimeout(() => response.destroy(), 20));
    };
    expect(await (await ask(streamed)).text()).toMatch(whole);
  });

  test('or in error where a translated call is half, and its [DONE] has no blank line', async () => {
    const call = { index: 0, id: 'c', type: 'function', function: { name: 'at', arguments: '{"a":' } };
    const calls = event({ choices: [{ index: 0, delta: { tool_calls: [call] } }] });
    answer = (response) => stream(response, [calls, end.replace('stop', 'tool_calls'), 'data: [DONE]']);
    const tools = [{ name: 'at', input_schema: { type: 'object' } }];
    const asked = { ...hello, max_tokens: 9, stream: true, tools };
    expect(await (await ask(asked, '/messages')).text()).toMatch(/event: error\n/);
  });

  test('at its [DONE], though the provider keeps the connection', async () => {
    answer = (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(`${token('a')}${end}data: [DONE]\n\n`);
    };
    expect(await (await ask(streamed)).text()).toMatch(whole);
    expect(await word()).toMatchObject({ outcome: 'completed' });
  });
});

describe('what is no answer goes to the fallback', () => {
  test.each<[string, (response: ServerResponse) => void]>([
    ['an error with a name', (response) => stream(response, ['event: error\ndata: {"message":"no"}\n\n'])],
    ['an error as a text', (response) => stream(response, ['data: {"error":"no"}\n\n'])],
    ['an error on a line of its own', (response) => stream(response, ['error: {"code":500}\n\n'])],
    ['a text', (response) => stream(response, ['data: "no"\n\n'])],
    ["vLLM's bare error", (response) => stream(response, ['data: {"object":"error","message":"no","code":500}\n\n'])],
    ['a page', (response) => stream(response, ['<html>\n\nbusy</html>'], 'text/html')],
    ['nothing', (response) => stream(response, [])],
    ['comments', (response) => stream(response, [': a\n\n', ': b\n\n'])],
    ['a role and nothing', (response) => stream(response, [event({ choices: [{ index: 0, delta: { role: 'a' } }] })])],
    ['a detail', (response) => stream(response, ['{"detail":"no"}'], 'application/json')],
    ['an answer in one piece', (response) => stream(response, ['{"choices":[]}'], 'application/json')],
    [
      'a lost connection',
      (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
        setTimeout(() => response.destroy(), 20);
      },
    ],
  ])('%s', async (_name, fail) => {
    answer = fail;
    const response = await ask({ ...streamed, models: ['local_spare'] });
    expect(response.headers.get('x-ollm-model')).toBe('local_spare');
    expect(await response.text()).toContain('"content":"spare"');
    expect(await word()).toMatchObject({ model: 'local_spare', outcome: 'completed' });
  });

  test('but a refusal of the request itself comes back, in its own words', async () => {
    const error = { message: 'too long', type: 'invalid_request_error', param: 'messages', code: null };
    answer = (response) => stream(response, [`data: ${JSON.stringify({ error })}\n\n`]);
    const response = await ask({ ...streamed, models: ['local_spare'] });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'provider_error', message: 'too long', param: 'messages' });
  });
});

describe('usage', () => {
  const toldBy = (text: string) =>
    [...text.matchAll(/"usage":(\{[^}]*\}|null)/g)].map(([, json]) => JSON.parse(json!) as object | null);

  test.each<[string, string[]]>([
    ['in a chunk of its own', [token('a'), end, event({ choices: [], usage })]],
    [
      'with the finish reason',
      [token('a'), event({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], usage })],
    ],
    ['in every chunk', [token('a', { usage: { ...usage, completion_tokens: 1 } }), end, event({ choices: [], usage })]],
    ['before the end', [token('a', { usage }), end]],
    [
      'twice',
      [token('a'), end, event({ choices: [], usage: { ...usage, prompt_tokens: 1 } }), event({ choices: [], usage })],
    ],
  ])('is told once it is known, and as it is charged: %s', async (_name, events) => {
    answer = (response) => stream(response, events);
    const text = await (await ask(streamed)).text();
    expect(await word()).toMatchObject({ promptTokens: 20, completionTokens: 7, countedBy: 'provider' });
    const told = toldBy(text).filter((each) => each !== null);
    expect(told.length).toBeGreaterThan(0);
    for (const each of told) expect(each).toMatchObject(usage);
    bench.forget();
    expect(toldBy(await (await ask({ ...hello, stream: true })).text())).toEqual([]);
  });

  test.each<[string, object, string, Record<string, string>]>([
    ['/chat/completions', streamed, 'as it is', {}],
    ['/chat/completions', { ...hello, stream: true }, 'without it', {}],
    ['/chat/completions', streamed, 'raw', { 'x-ollm-raw': 'true' }],
    ['/messages', { ...hello, max_tokens: 9, stream: true }, 'translated', {}],
    ['/responses', { model: hello.model, input: 'Hello', stream: true }, 'translated', {}],
  ])('in every chunk holds none of them back: %s with %j, %s', async (path, body, _name, headers) => {
    const read = Promise.withResolvers<undefined>();
    answer = (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(token('a', { usage: { ...usage, completion_tokens: 1 } }));
      void read.promise.then(() => response.end(`${token('b', { usage })}${end}data: [DONE]\n\n`));
    };
    const response = await bench.ask(path, body, { headers });
    let text = '';
    for await (const bytes of response.body!) {
      text += Buffer.from(bytes as Uint8Array).toString();
      // Only now does the provider go on.
      if (text.includes('"a"')) read.resolve(undefined);
    }
    expect(text).toContain('"b"');
    expect(await word()).toMatchObject({ outcome: 'completed', promptTokens: 20, completionTokens: 7 });
  });

  test('has the cost put in where the bookkeeping of the provider stood', async () => {
    const paid = { market_cost: 9, ...usage, cost_details: { a: 9 } };
    answer = (response) => stream(response, [token('a'), end, event({ choices: [], usage: paid })]);
    const text = await (await ask({ ...hello, stream: true, usage: { include: true } })).text();
    expect(toldBy(text)).toEqual([{ cost: (await word()).costNanoUsd / 1e9, ...usage }]);
  });

  test('of reasoning that nobody sees is believed', async () => {
    answer = (response) =>
      stream(response, [
        token('a'),
        end,
        event({ choices: [], usage: { ...usage, completion_tokens: 450, total_tokens: 470 } }),
      ]);
    expect(await (await ask(streamed)).text()).toContain('"completion_tokens":450');
    expect(await word()).toMatchObject({ completionTokens: 450, countedBy: 'provider' });
  });

  test('beyond the limit for all choices together is not, and is within it', async () => {
    const choice = { index: 0, message: { role: 'assistant', content: 'Hi' }, finish_reason: 'stop' };
    const body = (completion_tokens: number) =>
      JSON.stringify({
        id: 'x',
        choices: [choice, { ...choice, index: 1 }],
        usage: { prompt_tokens: 9, completion_tokens },
      });
    for (const [tokens, countedBy] of [
      [20, 'provider'],
      [21, 'router'],
    ] as const) {
      bench.forget();
      answer = (response) => stream(response, [body(tokens)], 'application/json');
      const told = (await (await ask({ ...hello, n: 2, max_tokens: 10 })).json()) as { usage: object };
      const { completionTokens, countedBy: by } = await word();
      expect(by).toBe(countedBy);
      expect(told.usage).toMatchObject({ completion_tokens: completionTokens });
    }
  });
});
