import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startService } from '@orgn/service-kit';
import { eventually, startRouterBench, type RouterBench } from '@orgn/testing';
import { v7 as uuidv7 } from 'uuid';
import { inferenceRouter } from '../service.ts';

const hello = { model: 'near_qwen3_30b', messages: [{ role: 'user', content: 'Hello' }] };
const streamed = { ...hello, stream: true, stream_options: { include_usage: true } };
const withFallback = { models: ['phala_qwen3_30b'] };

let bench: RouterBench;
beforeAll(async () => {
  const models = readFileSync(new URL('../../../../models.yaml', import.meta.url), 'utf8');
  const start = (environment: Record<string, string>) => startService(inferenceRouter, environment);
  const more = { EARLY_HEADERS_MS: '200', STREAM_HEARTBEAT_MS: '60', CIRCUIT_FAILURES: '1000000', RETRY_RATIO: '1' };
  bench = await startRouterBench({ start, models, more }, uuidv7);
});
beforeEach(() => bench.forget());
afterEach(() => bench.providers.control('near', {}));
afterAll(() => bench.stop());

const ask = (body: object, headers: Record<string, string> = {}) => bench.ask('/chat/completions', body, { headers });
const word = async () => {
  await eventually(() => expect(bench.events).toHaveLength(1));
  return bench.events[0]!.data;
};

describe('a slow first token', () => {
  const slow = { delayMs: 1_000 };

  test('lets the headers leave early, with comments until it comes', async () => {
    await bench.providers.control('near', slow);
    const response = await ask({ ...streamed, ...withFallback });
    expect(response.headers.get('x-ollm-model')).toBe(hello.model);
    const text = await response.text();
    expect(text).toMatch(/^(: heartbeat\n\n)+data: /);
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
  });

  test('that never comes is an error event, and no other model answers', async () => {
    await bench.providers.control('near', { ...slow, status: 500 });
    const text = await (await ask({ ...streamed, ...withFallback })).text();
    expect(text).toContain('"code":"provider_unavailable"');
    expect(text).not.toContain('phala');
    expect(await word()).toMatchObject({ model: hello.model, outcome: 'failed', costNanoUsd: 0 });
  });

  test.each([
    ['/messages', { messages: hello.messages, max_tokens: 30 }, /^event: error\ndata: .*"type":"error"/m],
    ['/responses', { input: 'Hello' }, /^event: error\ndata: /m],
  ])('that never comes is an error in the protocol of %s', async (path, body, event) => {
    await bench.providers.control('near', { ...slow, status: 422 });
    const response = await bench.ask(path, { model: hello.model, stream: true, ...body });
    expect(response.status).toBe(200);
    expect(await response.text()).toMatch(event);
  });

  test('may still come from the same model at the second try', async () => {
    await bench.providers.control('near', { ...slow, odd: ['errorfirst'], times: 1 });
    const text = await (await ask(streamed)).text();
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
    expect(await word()).toMatchObject({ outcome: 'completed' });
  });

  test('keeps its status when the answer is wanted raw or in one piece', async () => {
    await bench.providers.control('near', { ...slow, status: 422 });
    expect((await ask(streamed, { 'x-ollm-raw': 'true' })).status).toBe(422);
    expect((await ask(hello)).status).toBe(422);
  });
});
