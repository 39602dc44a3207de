import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startService } from '@orgn/service-kit';
import { eventually, startRouterBench, type RouterBench } from '@orgn/testing';
import { v7 as uuidv7 } from 'uuid';
import { inferenceRouter } from '../service.ts';

const shipped = readFileSync(new URL('../../../../models.yaml', import.meta.url), 'utf8');
const own =
  '- { id: local_chat, provider: local, upstream: chat, execution: operator, type: chat, context: 90, maxOutput: 80, defaultOutput: 10, price: { input: "1", output: "1" } }\n';
const hello = { model: 'near_qwen3_30b', messages: [{ role: 'user', content: 'Hello' }] };

let bench: RouterBench;
beforeAll(async () => {
  const start = (environment: Record<string, string>) => startService(inferenceRouter, environment);
  const more = {
    FIRST_BYTE_TIMEOUT_MS: '2500',
    IDLE_TIMEOUT_MS: '2500',
    TOTAL_TIMEOUT_MS: '4000',
    // Nobody listens there.
    LOCAL_BASE_URL: 'http://127.0.0.1:9/v1',
  };
  bench = await startRouterBench({ start, models: `${shipped}\n${own}`, more }, uuidv7);
});
beforeEach(() => bench.forget());
afterEach(() => bench.providers.control('near', {}));
afterAll(() => bench.stop());

const ask = (body: object) => bench.ask('/chat/completions', body);
const outcome = async () => {
  await eventually(() => expect(bench.events).toHaveLength(1));
  return bench.events[0]!.data.outcome;
};

describe('a provider', () => {
  test('that does not begin to answer is a timeout, and nothing is sent to it again', async () => {
    await bench.providers.control('near', { hang: 'headers' });
    const before = (await bench.providers.received('near')).requests!;
    const response = await ask(hello);
    expect(response.status).toBe(504);
    expect(await response.json()).toMatchObject({ code: 'provider_timeout' });
    expect((await bench.providers.received('near')).requests! - before).toBe(1);
    expect(await outcome()).toBe('failed');
  });

  test('that falls silent in a stream ends it with an error event', async () => {
    await bench.providers.control('near', { hang: 'body' });
    const text = await (await ask({ ...hello, stream: true })).text();
    expect(text).toContain('"code":"provider_timeout"');
    expect(text).not.toContain('[DONE]');
    expect(await outcome()).toBe('failed');
  });

  test('that never stops is cut off in the end', async () => {
    await bench.providers.control('near', { chunkDelayMs: 200, usage: 'max' });
    const text = await (await ask({ ...hello, stream: true, max_tokens: 1_000 })).text();
    expect(text).toContain('took longer than 4 s');
    await eventually(async () => expect((await bench.providers.received('near')).openRequests).toBe(0));
  });

  test('that cannot be reached is unavailable, and a listed fallback answers in its place', async () => {
    const response = await ask({ ...hello, model: 'local_chat' });
    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({ code: 'provider_unavailable' });
    const other = await ask({ ...hello, model: 'local_chat', models: ['near_qwen3_30b'] });
    expect(await other.json()).toMatchObject({ model: 'near_qwen3_30b' });
  });
});
