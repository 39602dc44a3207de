import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import {
  listModels,
  TICKET_HEADER,
  usageRank,
  usageRecordedByRouter,
  usageStream,
  type RequestId,
  type UsageEvent,
} from '@orgn/contracts';
import { startService, stopService, type Bus } from '@orgn/service-kit';
import {
  connectTestBus,
  eventually,
  makeTicket,
  playAdmissionTime,
  playMetering,
  startNats,
  startProviders,
  TestChannel,
  testEnvironment,
  type TestNats,
  type TestProviders,
} from '@orgn/testing';
import { v7 as uuidv7 } from 'uuid';
import { inferenceRouter } from '../service.ts';

const catalogue = readFileSync(new URL('../../../../models.yaml', import.meta.url), 'utf8');
const withoutZdr =
  '- { id: vercel_without_zdr, provider: vercel, upstream: acme/model-no-zdr, execution: zdr, type: chat, context: 1000, maxOutput: 100, defaultOutput: 10, price: { input: "1", output: "1" } }';
const modelsFile = join(mkdtempSync(join(tmpdir(), 'orgn-models-')), 'models.yaml');
const hello = { model: 'near_qwen3_30b', messages: [{ role: 'user', content: 'Hello' }] };

let nats: TestNats;
let providers: TestProviders;
let bus: Bus;
let router: Awaited<ReturnType<typeof startService>>;
let channel: TestChannel;
let metering: Awaited<ReturnType<typeof playMetering>>;
const events: UsageEvent[] = [];
/** Requests of the test that runs: words on those before it may still come, and are none of its. */
const asked = new Set<string>();
const hear = (event: UsageEvent) => {
  if (asked.has(event.data.requestId)) events.push(event);
};

const startRouter = async (more: Record<string, string> = {}) => {
  const environment = await testEnvironment({ instance: 'inference-router-1', nats, servesHttp: true });
  const url = `tcp://127.0.0.1:${environment.HTTP_PORT!}`;
  const service = await startService(inferenceRouter, {
    ...environment,
    ...providers.environment,
    MODELS_FILE: modelsFile,
    ADVERTISED_URL: url,
    ...more,
  });
  return { service, channel: await TestChannel.open(url) };
};

beforeAll(async () => {
  writeFileSync(modelsFile, `${catalogue}\n${withoutZdr}\n`);
  [nats, providers] = await Promise.all([startNats(), startProviders()]);
  bus = await connectTestBus(nats);
  metering = await playMetering(bus, [usageRecordedByRouter], hear);
  playAdmissionTime(bus);
  ({ service: router, channel } = await startRouter());
});
beforeEach(() => {
  asked.clear();
  events.length = 0;
});
afterEach(async () => {
  for (const name of ['near', 'phala', 'vercel']) await providers.control(name, {});
});
afterAll(async () => {
  channel.close();
  await stopService(router);
  await metering.stop();
  await bus.connection.close();
  await providers.stop();
  await nats.stop();
  rmSync(dirname(modelsFile), { recursive: true });
});

const dispatch = (body: object | string, headers: Record<string, string> = {}, signal?: AbortSignal) => {
  const requestId = (headers['x-request-id'] ?? uuidv7()) as RequestId;
  asked.add(requestId);
  return channel.fetch('/v1/chat/completions', {
    headers: { 'x-request-id': requestId, [TICKET_HEADER]: makeTicket({ requestId }), ...headers },
    body,
    signal,
  });
};

describe('the channel', () => {
  test('leads to the paths of callers, and nowhere else', async () => {
    const headers = { 'x-request-id': uuidv7() };
    for (const path of ['/', '/v1/models', '/v1/chat/completions/', '/v1/chat/completions?x=1']) {
      const response = await channel.fetch(path, { headers, body: hello });
      expect([response.status, await response.json()]).toMatchObject([404, { code: 'not_found' }]);
    }
    expect((await providers.received('near')).requests).toBe(0);
  });

  test('publishes the models of configured providers, without their upstream names', async () => {
    const { models } = await bus.ask(listModels, {});
    expect(models.map(({ id }) => id)).toContain('near_qwen3_30b');
    expect(JSON.stringify(models)).not.toContain('upstream');
  });
});

describe('a plain answer', () => {
  test('leaves after its usage was stored, with its cost and the gateway model id', async () => {
    const response = await dispatch(hello);
    const answer = (await response.json()) as {
      model: string;
      usage: { prompt_tokens: number; completion_tokens: number };
    };
    expect(answer.model).toBe(hello.model);
    await eventually(() => expect(events).toHaveLength(1));
    const { data } = events[0]!;
    expect(data).toMatchObject({
      outcome: 'completed',
      countedBy: 'provider',
      promptTokens: answer.usage.prompt_tokens,
      completionTokens: answer.usage.completion_tokens,
      costNanoUsd: answer.usage.prompt_tokens * 150 + answer.usage.completion_tokens * 450,
    });
    expect(response.headers.get('x-ollm-cost')).toBe((data.costNanoUsd / 1e9).toFixed(9));
    expect(response.headers.get('x-ollm-attestation')).toBe('unknown');
  });

  test('carries the zero-retention flag to vercel, whatever the caller wrote around it', async () => {
    const raw = { 'x-ollm-raw': 'true' };
    const answer = await (await dispatch({ ...hello, model: 'vercel_gpt_4o' }, raw)).text();
    expect(answer).toContain('ZDR requested');
  });

  test('stays as the provider wrote it when the caller wants it raw', async () => {
    const answer = (await (await dispatch(hello, { 'x-ollm-raw': 'true' })).json()) as { model: string };
    expect(answer.model).toBe('Qwen/Qwen3-30B-A3B-Instruct-2507');
  });

  test('is never raw where the deployment does not allow it: the header is refused by name', async () => {
    channel.close();
    await stopService(router);
    const strict = await startRouter({ RAW_ANSWERS: 'false' });
    channel = strict.channel;
    const response = await dispatch(hello, { 'x-ollm-raw': 'true' });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'invalid_request', param: 'x-ollm-raw' });
    expect((await dispatch(hello)).status).toBe(200);
    channel.close();
    await stopService(strict.service);
    ({ service: router, channel } = await startRouter());
  });
});

describe('a request id', () => {
  test('is accepted once, so that nothing runs or is charged twice', async () => {
    const requestId = uuidv7();
    const [first, second] = [
      await dispatch(hello, { 'x-request-id': requestId }),
      await dispatch(hello, { 'x-request-id': requestId }),
    ];
    expect([first.status, second.status]).toEqual([200, 409]);
  });
});

describe('a stream', () => {
  const streamed = { ...hello, stream: true };

  test('shows usage only when it was asked for, and always records it', async () => {
    const plain = await (await dispatch(streamed)).text();
    const wanted = await (await dispatch({ ...streamed, stream_options: { include_usage: true } })).text();
    expect(plain).not.toContain('"usage"');
    expect(wanted).toContain('"usage"');
    for (const text of [plain, wanted]) {
      expect(text.trimEnd().endsWith('data: [DONE]')).toBe(true);
      expect(text).not.toContain('Qwen/');
    }
    await eventually(() => expect(events.map(({ data }) => data.outcome)).toEqual(['completed', 'completed']));
    expect(events[0]!.data.completionTokens).toBe(events[1]!.data.completionTokens);
  });

  test('that breaks off ends with an error event and no [DONE], and its usage is what was produced', async () => {
    await providers.control('near', { cutAfterChunks: 3 });
    const text = await (await dispatch(streamed)).text();
    expect(text).not.toContain('[DONE]');
    expect(text.trimEnd().split('\n').at(-1)).toContain('"code":"provider_unavailable"');
    await eventually(() => expect(events).toHaveLength(1));
    expect(events[0]!.data).toMatchObject({ outcome: 'failed', countedBy: 'router', completionTokens: 3 });
  });

  test('whose caller leaves is ended at the provider, and charged for what was produced', async () => {
    await providers.control('near', { chunkDelayMs: 50, usage: 'max' });
    const leaving = new AbortController();
    const response = await dispatch({ ...streamed, max_tokens: 1_000 }, {}, leaving.signal);
    const reader = response.body!.getReader();
    await reader.read();
    leaving.abort();
    const leftAt = Date.now();
    await eventually(async () => expect((await providers.received('near')).openRequests).toBe(0));
    expect(Date.now() - leftAt).toBeLessThan(1_000);
    await eventually(() => expect(events).toHaveLength(1));
    expect(events[0]!.data.outcome).toBe('cancelled');
    expect(events[0]!.data.completionTokens).toBeLessThan(100);
  });

  test.each([
    ['near_qwen3_30b', 'near', 'router'],
    ['phala_deepseek_r1', 'phala', 'router'],
    ['vercel_gpt_4o', 'vercel', 'provider'],
  ])('of %s whose caller leaves before the first chunk is charged its prompt', async (model, provider, countedBy) => {
    await providers.control(provider, { delayMs: 1_500 });
    const leaving = new AbortController();
    const prompt = 'Some words of a long prompt. '.repeat(400);
    const body = { ...streamed, model, messages: [{ role: 'user', content: prompt }] };
    const sent = dispatch(body, {}, leaving.signal).catch(() => undefined);
    await eventually(async () => expect((await providers.received(provider)).openRequests).toBe(1));
    leaving.abort();
    await sent;
    await eventually(() => expect(events).toHaveLength(1));
    expect(events[0]!.data).toMatchObject({ outcome: 'cancelled', countedBy });
    expect(events[0]!.data.promptTokens).toBeGreaterThan(1_000);
    expect(events[0]!.data.promptTokens).toBeLessThan(prompt.length);
    expect(events[0]!.data.costNanoUsd).toBeGreaterThan(0);
  });

  test('whose provider cannot be reached costs nothing when its caller leaves', async () => {
    await providers.control('near', { status: 503 });
    const { requests = 0 } = await providers.received('near');
    const leaving = new AbortController();
    const sent = dispatch(streamed, {}, leaving.signal).catch(() => undefined);
    await eventually(async () => expect((await providers.received('near')).requests).toBeGreaterThan(requests));
    leaving.abort();
    await sent;
    await eventually(() => expect(events).toHaveLength(1));
    expect(events[0]!.data).toMatchObject({ promptTokens: 0, costNanoUsd: 0 });
  });

  test('of vercel runs on unseen when its caller leaves, for the final figures', async () => {
    await providers.control('vercel', { chunkDelayMs: 10 });
    const leaving = new AbortController();
    const response = await dispatch({ ...streamed, model: 'vercel_gpt_4o' }, {}, leaving.signal);
    await response.body!.getReader().read();
    leaving.abort();
    await eventually(() => expect(events).toHaveLength(1));
    expect(events[0]!.data).toMatchObject({ outcome: 'cancelled', countedBy: 'provider' });
  });
});

describe('a provider that fails', () => {
  test.each([
    [{ status: 429, retryAfter: 7 }, 429, 'rate_limit_exceeded'],
    [{ status: 401 }, 502, 'provider_unavailable'],
    [{ status: 500 }, 502, 'provider_unavailable'],
    [{ status: 504 }, 504, 'provider_timeout'],
    [{ status: 422 }, 422, 'provider_error'],
    [{ malformedChunk: 0 }, 502, 'provider_unavailable'],
    [{ cutAfterChunks: 1 }, 502, 'provider_unavailable'],
  ])('with %j answers %i %s, and leaves its usage row', async (state, status, code) => {
    await providers.control('near', state);
    const response = await dispatch(hello);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ code });
    await eventually(() => expect(events.map(({ data }) => data.outcome)).toEqual(['failed']));
  });

  test('under ZDR with no compliant provider answers zdr_unavailable', async () => {
    const response = await dispatch({ ...hello, model: 'vercel_without_zdr' });
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ code: 'zdr_unavailable' });
  });
});

describe('usage that cannot be stored', () => {
  test('ends a stream by an error: neither its usage nor its end are passed on', async () => {
    const { streams } = await jetstreamManager(bus.connection);
    await metering.stop();
    await streams.delete(usageStream.name);
    const response = await dispatch({ ...hello, stream: true, stream_options: { include_usage: true } });
    const text = await response.text();
    expect(response.status).toBe(200);
    expect(text).toContain('"code":"service_unavailable"');
    expect(text).not.toMatch(/\[DONE\]|"usage":\{/);
    metering = await playMetering(bus, [usageRecordedByRouter], hear);
    const words = () => events.filter(({ data }) => data.streamed).map(({ data }) => data.outcome);
    await eventually(() => expect(words()).toEqual(['withheld']));
  });

  test('withholds the answer, and makes the request free once it can be said', async () => {
    await nats.crash();
    const response = await dispatch(hello);
    expect(response.status).toBe(503);
    expect(await response.text()).not.toContain('choices');
    // Until words are taken again no provider is asked for what could not be passed on.
    const { requests } = await providers.received('near');
    expect((await dispatch(hello)).status).toBe(503);
    expect((await providers.received('near')).requests).toBe(requests);
    await nats.start();
    await eventually(async () => expect((await dispatch(hello)).status).toBe(200));
    // The first word may have been stored after all, when the bus came back: the withheld one outranks it.
    const rankOf = ({ outcome }: UsageEvent['data']) => usageRank({ witness: 'router', outcome });
    const lastWord = () => events.map(({ data }) => data).sort((x, y) => rankOf(y) - rankOf(x))[0];
    await eventually(() => expect(lastWord()).toMatchObject({ outcome: 'withheld', costNanoUsd: 0 }), {
      timeoutMs: 25_000,
    });
  });
});
