import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { findRouters, TICKET_HEADER, type RequestId } from '@orgn/contracts';
import { startService } from '@orgn/service-kit';
import { eventually, makeTicket, startRouterBench, type RouterBench } from '@orgn/testing';
import { v7 as uuidv7 } from 'uuid';
import { inferenceRouter } from '../service.ts';

const shipped = readFileSync(new URL('../../../../models.yaml', import.meta.url), 'utf8');
const own =
  '- { id: local_chat, provider: local, upstream: chat, execution: operator, type: chat, context: 9000, maxOutput: 8000, defaultOutput: 10, price: { input: "1", output: "1" } }\n';
const hello = { model: 'near_qwen3_30b', messages: [{ role: 'user', content: 'Hello' }] };
const withFallback = { ...hello, models: ['phala_qwen3_30b'] };

let bench: RouterBench;
beforeAll(async () => {
  const start = (environment: Record<string, string>) => startService(inferenceRouter, environment);
  const more = {
    STREAM_HEARTBEAT_MS: '60',
    SLOW_READER_TIMEOUT_MS: '400',
    IDLE_TIMEOUT_MS: '2000',
    CIRCUIT_OPEN_MS: '300',
  };
  bench = await startRouterBench({ start, models: `${shipped}\n${own}`, more }, uuidv7);
});
beforeEach(() => bench.forget());
afterEach(async () => {
  for (const name of ['near', 'phala', 'vercel', 'local']) await bench.providers.control(name, {});
});
afterAll(() => bench.stop());

const ask = (body: object, options = {}) => bench.ask('/chat/completions', body, options);
const word = async () => {
  await eventually(() => expect(bench.events).toHaveLength(1));
  return bench.events[0]!.data;
};
const requestsAt = async (name: string) => (await bench.providers.received(name)).requests!;
const countedAt = async (name: string, work: () => Promise<unknown>) => {
  const before = await requestsAt(name);
  await work();
  return (await requestsAt(name)) - before;
};

describe('a retry', () => {
  test.each([502, 503, 504])('hides a %i that happens once', async (status) => {
    await bench.providers.control('near', { status, times: 1 });
    const tries = await countedAt('near', async () => expect((await ask(hello)).status).toBe(200));
    expect(tries).toBe(2);
    expect(await word()).toMatchObject({ outcome: 'completed' });
  });

  test.each([400, 401, 422, 429, 500])('is not made of a %i', async (status) => {
    await bench.providers.control('near', { status, times: 1 });
    expect(await countedAt('near', () => ask(hello))).toBe(1);
  });

  test('is not made once an answer has begun, plain or streamed', async () => {
    await bench.providers.control('near', { cutAfterChunks: 1 });
    expect(await countedAt('near', () => ask(hello))).toBe(1);
    expect(await countedAt('near', async () => (await ask({ ...hello, stream: true })).text())).toBe(1);
  });

  test('is not made for a caller who has left meanwhile', async () => {
    await bench.providers.control('near', { status: 503, delayMs: 100 });
    const leaving = new AbortController();
    const asked = await countedAt('near', async () => {
      const response = ask(hello, { signal: leaving.signal });
      setTimeout(() => leaving.abort(), 50);
      await expect(response).rejects.toThrow();
      await word();
    });
    expect(asked).toBe(1);
  });

  test('is made at most twice', async () => {
    await bench.providers.control('near', { status: 503 });
    expect(await countedAt('near', async () => expect((await ask(hello)).status).toBe(502))).toBe(3);
    expect(await word()).toMatchObject({ outcome: 'failed', costNanoUsd: 0 });
  });
});

describe('the time between tries', () => {
  test('is 50 ms at least before the second, and twice as long before the third', async () => {
    await bench.providers.control('near', { status: 503 });
    const shortest = jest.spyOn(Math, 'random').mockReturnValue(0);
    const startedAt = performance.now();
    await ask(hello);
    // A timer may be a millisecond early.
    expect(performance.now() - startedAt).toBeGreaterThan(50 + 100 - 2);
    shortest.mockRestore();
  });
});

describe('a fallback', () => {
  test.each([{ status: 500 }, { status: 429 }, { status: 401 }, { status: 402 }])(
    'answers where the model asked for ends in %j, and the answer says which model ran',
    async (state) => {
      await bench.providers.control('near', state);
      const response = await ask(withFallback);
      expect(await response.json()).toMatchObject({ model: 'phala_qwen3_30b' });
      expect(response.headers.get('x-ollm-provider')).toBe('phala');
      expect(await word()).toMatchObject({ model: 'phala_qwen3_30b', outcome: 'completed' });
    },
  );

  test('is tried for a stream too, before its first byte only', async () => {
    await bench.providers.control('near', { status: 500 });
    const text = await (await ask({ ...withFallback, stream: true })).text();
    expect(text).toContain('"model":"phala_qwen3_30b"');
    await bench.providers.control('near', { cutAfterChunks: 2 });
    const cut = await (await ask({ ...withFallback, stream: true })).text();
    expect(cut).toContain('provider_unavailable');
    expect(cut).not.toContain('phala');
  });

  test('is not asked when the request itself is refused', async () => {
    await bench.providers.control('near', { status: 422 });
    const asked = await countedAt('phala', async () => expect((await ask(withFallback)).status).toBe(422));
    expect(asked).toBe(0);
  });

  test('is never one that the caller did not list', async () => {
    await bench.providers.control('near', { status: 500 });
    expect(await countedAt('phala', async () => expect((await ask(hello)).status).toBe(502))).toBe(0);
  });

  test.each([
    ['near_qwen3_30b', 'vercel_gpt_4o'],
    ['near_qwen3_30b', 'local_chat'],
    ['vercel_gpt_4o', 'local_chat'],
    ['local_chat', 'vercel_gpt_4o'],
  ])('from %s to %s is refused, because it would run in a weaker class', async (model, fallback) => {
    const response = await ask({ ...hello, model, models: [fallback] });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'invalid_request', param: 'models[0]' });
  });

  test('from zero retention to an enclave is a stronger class', async () => {
    await bench.providers.control('vercel', { status: 500 });
    const response = await ask({ ...hello, model: 'vercel_gpt_4o', models: ['near_qwen3_30b'] });
    expect(response.headers.get('x-ollm-execution')).toBe('tee');
  });

  test('that does not exist or cannot answer is refused at once', async () => {
    expect((await ask({ ...hello, models: ['near_nothing'] })).status).toBe(404);
    const response = await ask({ ...hello, models: ['near_whisper_large_v3'] });
    expect(await response.json()).toMatchObject({ code: 'capability_not_supported', param: 'models[0]' });
  });
});

describe('a provider that keeps failing', () => {
  const health = async () => (await bench.bus.survey(findRouters, { gateway: 'test' }))[0]!.providers;

  test('is left alone, shown as failing, and taken back after a probe', async () => {
    const own = { ...hello, model: 'local_chat' };
    await bench.providers.control('local', { status: 500 });
    for (let time = 0; time < 20; time += 1) await ask(own);
    const asked = await countedAt('local', async () => {
      const response = await ask(own);
      expect(response.status).toBe(502);
      expect(await response.json()).toMatchObject({ code: 'provider_unavailable' });
    });
    expect(asked).toBe(0);
    expect(await health()).toMatchObject({ local: 'failing', near: expect.any(String) });
    const metrics = (await (await fetch(bench.metricsUrl)).text())
      .split('\n')
      .filter((line) => line.startsWith('orgn_'));
    // Open, or half open once its time is over.
    expect(metrics).toContainEqual(expect.stringMatching(/^orgn_provider_circuit\{provider="local".*\} 0(\.5)?$/));
    expect(metrics).toContainEqual(
      expect.stringMatching(/^orgn_provider_attempts_total\{provider="local",outcome="circuit_open".*\} [1-9]/),
    );
    await bench.providers.control('local', {});
    await eventually(async () => expect((await ask(own)).status).toBe(200));
    expect(await health()).toMatchObject({ local: 'ok' });
  });
});

describe('a stream', () => {
  test('carries heartbeats while the provider is silent, and none when it is wanted raw', async () => {
    await bench.providers.control('near', { chunkDelayMs: 150 });
    const text = await (await ask({ ...hello, stream: true, max_tokens: 2 })).text();
    expect(text.match(/^: heartbeat\n\n/gm)!.length).toBeGreaterThanOrEqual(2);
    expect(text.trimEnd().endsWith('data: [DONE]')).toBe(true);
    const raw = await (
      await ask({ ...hello, stream: true, max_tokens: 2 }, { headers: { 'x-ollm-raw': 'true' } })
    ).text();
    expect(raw).not.toContain('heartbeat');
  });

  test('has nothing sent before its status is known', async () => {
    await bench.providers.control('near', { delayMs: 300, status: 422 });
    expect((await ask({ ...hello, stream: true })).status).toBe(422);
    expect(await word()).toMatchObject({ outcome: 'failed', completionTokens: 0 });
  });

  test('is aborted at the provider within 50 ms of its caller leaving', async () => {
    await bench.providers.control('near', { chunkDelayMs: 20, usage: 'max' });
    const leaving = new AbortController();
    const response = await ask({ ...hello, stream: true, max_tokens: 1_000 }, { signal: leaving.signal });
    await response.body!.getReader().read();
    const before = (await bench.providers.received('near')).completionTokens!;
    leaving.abort();
    await eventually(async () => expect((await bench.providers.received('near')).openRequests).toBe(0));
    // At 20 ms a token, 50 ms are less than four tokens.
    expect((await bench.providers.received('near')).completionTokens! - before).toBeLessThan(5);
    expect(await word()).toMatchObject({ outcome: 'cancelled', countedBy: 'router' });
  });

  test('whose reader takes nothing is cut off with bounded buffering, and charged for what was produced', async () => {
    await bench.providers.control('local', { usage: 'max' });
    const leave = openIdleReader({ ...hello, model: 'local_chat', n: 30, stream: true, max_tokens: 8_000 });
    const data = await eventually(() => word());
    expect(data).toMatchObject({ outcome: 'cancelled', model: 'local_chat' });
    expect(data.completionTokens).toBeGreaterThan(0);
    expect(data.completionTokens).toBeLessThan(200_000);
    expect((await bench.providers.received('local')).openRequests).toBe(0);
    leave();
  });
});

describe('what vercel says of its routing', () => {
  const body = { ...hello, model: 'vercel_gpt_4o' };

  test.each([body, { ...body, stream: true }])('is recorded as its claim, names only', async (asked) => {
    await (await ask(asked)).text();
    expect((await word()).claims).toEqual({
      source: 'provider_asserted',
      provider: 'openai',
      attempted: ['openai'],
    });
  });

  test('withholds an answer that came from a credential outside of the promise', async () => {
    await bench.providers.control('vercel', { credentialType: 'byok' });
    const response = await ask(body);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ code: 'zdr_unavailable' });
    expect(await word()).toMatchObject({ outcome: 'failed', costNanoUsd: 0 });
    const text = await (await ask({ ...body, stream: true })).text();
    expect(text).toContain('"code":"zdr_unavailable"');
    expect(text).not.toContain('[DONE]');
  });

  test("is not asked of a caller: an operator's account in trouble is ours", async () => {
    await bench.providers.control('vercel', { status: 403 });
    expect(await (await ask(body)).json()).toMatchObject({ code: 'service_unavailable' });
    await bench.providers.control('vercel', { status: 429, errorType: 'insufficient_quota' });
    expect(await (await ask(body)).json()).toMatchObject({ code: 'service_unavailable' });
  });
});

/** A caller that sends its request and then takes no more than it gave credit for. @returns leaves */
function openIdleReader(body: object): () => void {
  const requestId = uuidv7() as RequestId;
  const asked = bench.channel.post(
    {
      path: '/v1/chat/completions',
      headers: {
        'content-type': 'application/json',
        'x-request-id': requestId,
        [TICKET_HEADER]: makeTicket({ requestId }),
      },
      body: Buffer.from(JSON.stringify(body)),
    },
    { onStart: () => undefined, onData: () => undefined, onEnd: () => undefined, onError: () => undefined },
  );
  asked.pause();
  return () => asked.abort();
}
