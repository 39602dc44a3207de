import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startService } from '@orgn/service-kit';
import { eventually, startRouterBench, type RouterBench } from '@orgn/testing';
import { v7 as uuidv7 } from 'uuid';
import { inferenceRouter } from '../service.ts';

const shipped = readFileSync(new URL('../../../../models.yaml', import.meta.url), 'utf8');
const own =
  '- { id: local_emb, provider: local, upstream: emb, execution: operator, type: embedding, context: 9000, maxOutput: 0, defaultOutput: 0, price: { input: "1", output: "0" } }\n';
const hello = { model: 'near_qwen3_30b', messages: [{ role: 'user', content: 'Hello' }] };
const streamed = { ...hello, stream: true, stream_options: { include_usage: true } };
const withFallback = { models: ['phala_qwen3_30b'] };
const tools = [
  { type: 'function', function: { name: 'at', parameters: { type: 'object', properties: { a: { type: 'string' } } } } },
];

interface Answer {
  id: string;
  model: string;
  usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number; cost?: number };
}

let bench: RouterBench;
beforeAll(async () => {
  const start = (environment: Record<string, string>) => startService(inferenceRouter, environment);
  const more = { CIRCUIT_FAILURES: '1000000', RETRY_RATIO: '1' };
  bench = await startRouterBench({ start, models: `${shipped}\n${own}`, more }, uuidv7);
});
beforeEach(() => bench.forget());
afterEach(async () => {
  for (const name of ['near', 'phala', 'vercel', 'local']) await bench.providers.control(name, {});
});
afterAll(() => bench.stop());

const ask = (body: object, headers: Record<string, string> = {}) => bench.ask('/chat/completions', body, { headers });
const word = async () => {
  await eventually(() => expect(bench.events).toHaveLength(1));
  return bench.events[0]!.data;
};
const chunksOf = (text: string) =>
  [...text.matchAll(/^data: (\{.*\})$/gm)].map(([, json]) => JSON.parse(json!) as Answer & { choices: unknown[] });
/** What a stream says, whatever its ids and times are. */
const contentOf = (text: string) => chunksOf(text).map(({ choices, usage, model }) => ({ choices, usage, model }));

describe('a stream', () => {
  test.each([
    ['ends without [DONE]', ['nodone']],
    ['ends without [DONE] and without a blank line', ['nodone', 'noblank']],
    ['ends with a [DONE] that no blank line ends', ['noblank']],
    ['ends with a [DONE] and a blank', ['doneblank']],
    ['spreads data over lines', ['multidata']],
    ['has no blank lines', ['joined']],
    ['has empty data', ['emptydata']],
    ['begins with a byte order mark', ['bom']],
    ['is odd in every way', ['emptydata', 'multidata', 'bom', 'nodone', 'noblank']],
  ])('that %s is passed on as a whole one, and charged as one', async (_name, odd) => {
    const usual = await (await ask(streamed)).text();
    await bench.providers.control('near', { odd, chunkBytes: 11 });
    bench.forget();
    const text = await (await ask(streamed)).text();
    expect(contentOf(text)).toEqual(contentOf(usual));
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
    expect(text.match(/\[DONE\]/g)).toHaveLength(1);
    const { prompt_tokens: promptTokens, completion_tokens: completionTokens } = chunksOf(text).at(-1)!.usage;
    expect(await word()).toMatchObject({ outcome: 'completed', promptTokens, completionTokens });
  });

  test.each(['near_qwen3_30b', 'vercel_gpt_4o', 'phala_qwen3_30b'])(
    'of %s tells its usage in a last chunk of its own, without choices, wherever the provider told it',
    async (model) => {
      const chunks = chunksOf(await (await ask({ ...streamed, model })).text());
      const telling = chunks.filter(({ usage }) => Boolean(usage));
      expect(telling).toEqual([chunks.at(-1)]);
      expect(telling[0]!.choices).toEqual([]);
      const { promptTokens, completionTokens } = await word();
      expect(telling[0]!.usage).toMatchObject({ prompt_tokens: promptTokens, completion_tokens: completionTokens });
    },
  );

  test.each(['/messages', '/responses'])('that ends without [DONE] is whole on %s too', async (path) => {
    await bench.providers.control('near', { odd: ['nodone', 'multidata', 'bom'] });
    const body = { model: hello.model, input: 'Hello', messages: hello.messages, max_tokens: 50, stream: true };
    const { input, messages, max_tokens, ...rest } = body;
    const asked = path === '/messages' ? { ...rest, messages, max_tokens } : { ...rest, input };
    const text = await (await bench.ask(path, asked)).text();
    expect(text).toMatch(/event: (message_stop|response\.completed)\n/);
    expect(await word()).toMatchObject({ outcome: 'completed', countedBy: 'provider' });
  });

  test('of two choices of which one did not finish is broken off, not whole', async () => {
    await bench.providers.control('near', { odd: ['nodone'], cutAfterChunks: 30 });
    const text = await (await ask({ ...streamed, n: 2 })).text();
    expect(text).not.toContain('[DONE]');
    expect(text).toContain('"code":"provider_unavailable"');
  });
});

describe('an error inside of a 200', () => {
  const plain = { ...hello, ...withFallback };
  const stream = { ...streamed, ...withFallback };

  test.each([
    [plain, 'error200'],
    [stream, 'error200'],
    [stream, 'errorfirst'],
    [stream, 'errorsecond'],
    [stream, 'emptystream'],
    [stream, 'donefirst'],
  ])('of %j (%s) is retried, then the fallback answers', async (body, odd) => {
    await bench.providers.control('near', { odd: [odd] });
    const before = (await bench.providers.received('near')).requests!;
    const response = await ask(body);
    expect(response.headers.get('x-ollm-model')).toBe('phala_qwen3_30b');
    const text = await response.text();
    expect(text).toContain('"model":"phala_qwen3_30b"');
    expect(text).not.toContain('near_');
    expect((await bench.providers.received('near')).requests! - before).toBe(3);
    expect(await word()).toMatchObject({ model: 'phala_qwen3_30b', outcome: 'completed' });
  });

  test('that happens once is not seen', async () => {
    await bench.providers.control('near', { odd: ['errorfirst'], times: 1 });
    const response = await ask(streamed);
    expect(await response.text()).toContain('[DONE]');
    expect(await word()).toMatchObject({ model: hello.model, outcome: 'completed' });
  });

  test.each(['error200', 'errorfirst', 'emptystream'])('has a status where there is no fallback: %s', async (odd) => {
    await bench.providers.control('near', { odd: [odd] });
    const response = await ask(streamed);
    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({ code: 'provider_unavailable' });
    expect(await word()).toMatchObject({ outcome: 'failed', costNanoUsd: 0 });
  });
});

describe('usage that cannot be', () => {
  const figures = ['absurd', 'cached', 'fraction', 'negative', 'text', 'zero', 'none'];

  test.each(figures)('(%s) is replaced by what is charged in a plain answer', async (usage) => {
    await bench.providers.control('near', { usage });
    const response = await ask({ ...hello, usage: { include: true } });
    const answer = (await response.json()) as Answer;
    const { promptTokens, completionTokens, costNanoUsd, countedBy } = await word();
    expect(countedBy).toBe('router');
    expect(answer.usage).toMatchObject({
      prompt_tokens: promptTokens,
      completion_tokens: completionTokens,
      total_tokens: promptTokens + completionTokens,
      cost: costNanoUsd / 1e9,
    });
    expect(response.headers.get('x-ollm-cost')).toBe((costNanoUsd / 1e9).toFixed(9));
    expect(completionTokens).toBeGreaterThan(5);
  });

  test.each([...figures, 'absurd nodone'])('(%s) is replaced in a stream', async (name) => {
    const [usage, ...odd] = name.split(' ');
    for (const [model, provider] of [
      [hello.model, 'near'],
      ['vercel_gpt_4o', 'vercel'],
    ] as const) {
      bench.forget();
      await bench.providers.control(provider, { usage, odd });
      const text = await (await ask({ ...streamed, model })).text();
      const { promptTokens, completionTokens, countedBy } = await word();
      expect(countedBy).toBe('router');
      const told = chunksOf(text).filter((chunk) => JSON.stringify(chunk).includes('"usage":{'));
      expect(told.map(({ usage }) => [usage.prompt_tokens, usage.completion_tokens])).toEqual([
        [promptTokens, completionTokens],
      ]);
      expect(told[0]).toMatchObject({ model });
      expect(completionTokens).toBeGreaterThan(5);
    }
  });

  test.each(figures)('(%s) is replaced where the answer is translated', async (usage) => {
    await bench.providers.control('near', { usage });
    const body = { model: hello.model, messages: hello.messages, max_tokens: 90 };
    const message = (await (await bench.ask('/messages', body)).json()) as { usage: Record<string, number> };
    const whole = await word();
    expect([message.usage.input_tokens, message.usage.output_tokens]).toEqual([
      whole.promptTokens,
      whole.completionTokens,
    ]);
    bench.forget();
    const text = await (await bench.ask('/responses', { model: hello.model, input: 'Hello', stream: true })).text();
    const { promptTokens, completionTokens } = await word();
    const [, completed] = /^event: response\.completed\ndata: (.*)$/m.exec(text)!;
    expect((JSON.parse(completed!) as { response: object }).response).toMatchObject({
      usage: { input_tokens: promptTokens, output_tokens: completionTokens },
    });
  });

  test("is told in DeepSeek's words too", async () => {
    await bench.providers.control('near', { usage: 'deepseek' });
    const answer = (await (await ask(hello)).json()) as Answer;
    expect(await word()).toMatchObject({ cachedTokens: 1, countedBy: 'provider' });
    expect(answer.usage).toMatchObject({ prompt_tokens_details: { cached_tokens: 1 } });
  });
});

describe("a provider's own bookkeeping", () => {
  const body = { ...hello, model: 'vercel_gpt_4o' };
  const signs = /provider_metadata|market_?cost|generation_?id|gen_/i;

  test.each([body, { ...streamed, model: body.model }])('stays out of %j', async (asked) => {
    const response = await ask(asked);
    const text = await response.text();
    expect(text).not.toMatch(signs);
    const { requestId, costNanoUsd } = await word();
    expect(text).toContain(`"id":"chatcmpl-${requestId}"`);
    for (const [, cost] of text.matchAll(/"cost":([\d.e-]+)/g)) expect(Number(cost)).toBe(costNanoUsd / 1e9);
  });

  test('is shown to those who want the answer raw', async () => {
    const raw = await (await ask(body, { 'x-ollm-raw': 'true' })).text();
    expect(raw).toMatch(signs);
  });
});

describe('embeddings', () => {
  const body = { model: 'local_emb', input: 'hi', dimensions: 8 };
  const vectorOf = async (asked: object) => {
    const answer = (await (await bench.ask('/embeddings', asked)).json()) as { data: { embedding: unknown }[] };
    return answer.data[0]!.embedding;
  };

  test('come in the encoding that was asked for, whatever the provider made', async () => {
    const floats = (await vectorOf(body)) as number[];
    const text = Buffer.from(Float32Array.from(floats).buffer).toString('base64');
    await bench.providers.control('local', { odd: ['otherencoding'] });
    expect(await vectorOf({ ...body, encoding_format: 'base64' })).toBe(text);
    expect(await vectorOf(body)).toEqual(floats.map(Math.fround));
    expect(await vectorOf({ ...body, encoding_format: 'float' })).toEqual(floats.map(Math.fround));
  });
});

describe('a refusal', () => {
  test.each(['seconds', 'date', 'ms'])('says when to come back, as the provider did in %s', async (retryAfterAs) => {
    for (const status of [429, 503]) {
      await bench.providers.control('near', { status, retryAfter: 30, retryAfterAs });
      const { retryAfterSeconds } = (await (await ask(hello)).json()) as { retryAfterSeconds: number };
      expect(retryAfterSeconds).toBeGreaterThanOrEqual(28);
      expect(retryAfterSeconds).toBeLessThanOrEqual(30);
    }
  });

  test('tells which field FastAPI complains about', async () => {
    await bench.providers.control('near', { status: 422, odd: ['fastapi'] });
    expect(await (await ask(hello)).json()).toMatchObject({
      status: 422,
      message: 'messages[0].content: Field required',
      param: 'messages[0].content',
    });
  });
});

describe('calls that come side by side', () => {
  test.each(['headersfirst', 'interleave'])('are passed on in chat as they came: %s', async (odd) => {
    await bench.providers.control('near', { odd: [odd] });
    const text = await (await ask({ ...streamed, tools, tool_choice: 'required' })).text();
    const calls = new Map<number, string>();
    for (const { choices } of chunksOf(text) as {
      choices: { delta: { tool_calls?: { index: number; function: { arguments: string } }[] } }[];
    }[])
      for (const call of choices[0]?.delta.tool_calls ?? [])
        calls.set(call.index, (calls.get(call.index) ?? '') + call.function.arguments);
    expect([...calls.keys()]).toEqual([0, 1]);
    for (const args of calls.values()) expect(JSON.parse(args)).toBeDefined();
  });
});
