import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  countRunning,
  keysChanged,
  ServiceError,
  usageRecordedByGateway,
  verifyKey,
  type KeyId,
  type ReplyOf,
  type RequestOf,
} from '@orgn/contracts';
import { ensureEventStream, startService, stopService, type Bus } from '@orgn/service-kit';
import {
  connectTestBus,
  eventually,
  playResponder,
  playRouter,
  startNats,
  testEnvironment,
  type PlayedAnswer,
  type PlayedRouter,
  type TestNats,
  type TestService,
} from '@orgn/testing';
import { makeKey, makeWord } from '../authentication/make.ts';
import { makeModel } from '../models/make.ts';
import { gateway } from '../service.ts';
import { RunningRequests } from './running-requests.ts';

const REVERIFY_MS = 400;
const model = makeModel({ execution: 'zdr' });
const { keyId, teamId } = makeWord();
const key = makeKey();

let nats: TestNats;
let bus: Bus;
let router: PlayedRouter;
/** Asks again by the clock only after minutes, so that what it does at once is the broadcast's doing. */
let patient: string;
let eager: string;
const services: TestService[] = [];

/** What the registry says of the key now; a function may take its time. */
let word: () => Promise<ReplyOf<typeof verifyKey>>;
let asked = 0;
let lastAsked: RequestOf<typeof verifyKey> | undefined;
/** The answers that routers were asked for and have not ended. */
let open: PlayedAnswer[] = [];

const good =
  (overrides: Parameters<typeof makeWord>[0] = {}) =>
  () =>
    Promise.resolve(makeWord(overrides));
const bad = (code: ServiceError['code']) => () => Promise.reject(new ServiceError(code, 'No more.'));
const post = (api: string, stream: boolean) =>
  fetch(`${api}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key.raw}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: model.id, messages: [{ role: 'user', content: 'Hi' }], stream }),
  });
const routed = () => eventually(() => (expect(open).toHaveLength(1), open[0]!));
/** A stream under way: one event has been passed on. */
const openStream = async (api: string) => {
  const response = await Promise.all([post(api, true), beginStream()]).then(([answer]) => answer);
  expect(response.status).toBe(200);
  return response;
};
const beginStream = async () => {
  const answer = await routed();
  answer.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: {"id":"1"}\n\n');
};
const errorEvent = (text: string) => {
  const events = text.split('\n\n').filter((event) => event.trim() !== '');
  expect(events).toHaveLength(2);
  return JSON.parse(events[1]!.slice('data: '.length)) as unknown;
};
const broken = (answer: PlayedAnswer) => (answer.destroyed ? Promise.resolve([]) : once(answer, 'close'));

beforeAll(async () => {
  nats = await startNats();
  bus = await connectTestBus(nats);
  await ensureEventStream(bus.connection);
  router = await playRouter(bus, { models: [model], answer: ({ response }) => open.push(response) });
  playResponder(bus, verifyKey, (question) => {
    asked += 1;
    lastAsked = question;
    return word();
  });
  const start = async (instance: string, reverifyMs: number) => {
    const more = { REVERIFY_MS: String(reverifyMs) };
    const environment = await testEnvironment({ instance, nats, servesHttp: true, more });
    services.push(await startService(gateway, environment));
    return `http://127.0.0.1:${environment.HTTP_PORT}`;
  };
  [patient, eager] = [await start('gateway-1', 60_000), await start('gateway-2', REVERIFY_MS)];
  word = good();
  for (const api of [patient, eager])
    await eventually(async () => {
      const models = await fetch(`${api}/v1/models`, { headers: { authorization: `Bearer ${key.raw}` } });
      expect(await models.json()).toMatchObject({ data: [{ id: model.id }] });
    });
});
beforeEach(() => {
  [word, asked, open] = [good(), 0, []];
});
afterEach(() => {
  for (const answer of open) answer.destroy();
});
afterAll(async () => {
  await Promise.all(services.map(stopService));
  await router.end();
  await bus.connection.close();
  await nats.stop();
});

describe('a change that is announced', () => {
  test.each([
    ['the key was revoked', { keyIds: [keyId] }, bad('key_revoked'), 'key_revoked'],
    ['the team was suspended', { teamIds: [teamId] }, bad('team_suspended'), 'team_suspended'],
    ['the key was limited to other models', { keyIds: [keyId] }, good({ models: ['near_other'] }), 'model_not_allowed'],
    ['the key was limited to enclaves', { keyIds: [keyId] }, good({ executionPolicy: 'tee_only' }), 'execution_policy'],
    ['the key was limited to others', { keyIds: [keyId] }, good({ ipAllowList: ['192.0.2.1'] }), 'ip_not_allowed'],
  ])('cuts an open stream at once when %s', async (_what, change, next, code) => {
    const recorded: unknown[] = [];
    const usage = bus.connection.subscribe(usageRecordedByGateway.subject, {
      callback: (_, message) => void recorded.push(message.json<unknown>()),
    });
    const response = await openStream(patient);
    const requestId = response.headers.get('x-request-id');
    word = next;
    const changedAt = performance.now();
    bus.broadcast(keysChanged, change);
    const text = await response.text();
    expect(performance.now() - changedAt).toBeLessThan(1_000);
    expect(errorEvent(text)).toMatchObject({ error: { code, request_id: requestId } });
    expect(text).not.toContain('[DONE]');
    await broken(open[0]!);
    await eventually(() => expect(JSON.stringify(recorded)).toContain(requestId));
    expect(JSON.stringify(recorded)).toContain('"cancelled"');
    usage.unsubscribe();
  });

  test('ends a half-sent event before it says why', async () => {
    const response = await openStream(patient);
    open[0]!.write('data: {"id":');
    await delay(50);
    word = bad('key_revoked');
    bus.broadcast(keysChanged, { keyIds: [keyId] });
    const text = await response.text();
    expect(text).toMatch(/\n\ndata: \{"error":[^\n]*"code":"key_revoked"[^\n]*\}\n\n$/);
  });

  test.each([true, false])('is a plain refusal while nothing was answered (stream: %j)', async (stream) => {
    const sent = post(patient, stream);
    const answer = await routed();
    word = bad('key_revoked');
    bus.broadcast(keysChanged, { keyIds: [keyId] });
    const response = await sent;
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ error: { code: 'key_revoked' } });
    await broken(answer);
  });

  test('breaks a plain answer off that had begun', async () => {
    const sent = post(patient, false);
    const answer = await routed();
    answer.writeHead(200, { 'content-type': 'application/json', 'content-length': String(1_000) }).write('{');
    const response = await sent;
    word = bad('key_revoked');
    bus.broadcast(keysChanged, { keyIds: [keyId] });
    await expect(response.text()).rejects.toThrow();
    await broken(answer);
  });

  test('leaves requests of other keys and teams, and of keys that are still good, alone', async () => {
    const response = await openStream(patient);
    bus.broadcast(keysChanged, { keyIds: [`key_${'9'.repeat(32)}` as KeyId], teamIds: ['team_other'] });
    bus.broadcast(keysChanged, { keyIds: [keyId] });
    // One for the admission, one for the announcement that concerned it.
    await eventually(() => expect(asked).toBe(2));
    open[0]!.end('data: [DONE]\n\n');
    expect(await response.text()).toMatch(/\[DONE\]/);
  });

  test('also cuts a request that an older answer admits after the announcement', async () => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    word = async () => {
      await promise;
      return makeWord();
    };
    const sent = post(patient, true);
    await eventually(() => expect(asked).toBe(1));
    word = bad('key_revoked');
    bus.broadcast(keysChanged, { keyIds: [keyId] });
    await delay(50);
    resolve(undefined);
    const response = await sent;
    expect(await response.json()).toMatchObject({ error: { code: 'key_revoked' } });
  });
});

describe('without an announcement', () => {
  test('a stream is cut when its turn to be asked about comes', async () => {
    const response = await openStream(eager);
    word = bad('key_disabled');
    const changedAt = performance.now();
    const text = await response.text();
    expect(errorEvent(text)).toMatchObject({ error: { code: 'key_disabled' } });
    expect(performance.now() - changedAt).toBeLessThan(3 * REVERIFY_MS);
  });

  test('a stream runs through a short silence of the registry', async () => {
    const response = await openStream(eager);
    word = bad('service_unavailable');
    await delay(1.5 * REVERIFY_MS);
    word = good();
    const before = asked;
    await eventually(() => expect(asked).toBeGreaterThan(before + 3));
    open[0]!.end('data: [DONE]\n\n');
    expect(await response.text()).toMatch(/\[DONE\]/);
  });

  test.each([
    ['refuses to answer', bad('service_unavailable')],
    ['fails', bad('internal')],
    ['says nothing at all', () => new Promise<never>(() => undefined)],
  ])('a stream is cut, in doubt, after three turns in which the registry %s', async (_what, silence) => {
    const response = await openStream(eager);
    const silentSince = performance.now();
    word = silence;
    const text = await response.text();
    expect(errorEvent(text)).toMatchObject({ error: { code: 'service_unavailable' } });
    expect(performance.now() - silentSince).toBeGreaterThan(1.8 * REVERIFY_MS);
    expect(performance.now() - silentSince).toBeLessThan(5 * REVERIFY_MS);
  });
});

describe('the end of the process', () => {
  const end = () => services[0]!.app.get(RunningRequests).cutAll();

  test('is said to whoever still waits for a stream, and what they got is recorded', async () => {
    const recorded: unknown[] = [];
    const usage = bus.connection.subscribe(usageRecordedByGateway.subject, {
      callback: (_, message) => void recorded.push(message.json<unknown>()),
    });
    const response = await openStream(patient);
    end();
    const text = await response.text();
    expect(errorEvent(text)).toMatchObject({ error: { code: 'service_unavailable' } });
    expect(text).not.toContain('[DONE]');
    await broken(open[0]!);
    const requestId = response.headers.get('x-request-id');
    await eventually(() => expect(JSON.stringify(recorded)).toContain(requestId));
    expect(JSON.stringify(recorded)).toContain('"cancelled"');
    usage.unsubscribe();
  });

  test('is a plain refusal to whoever was not answered yet, at every one of them', async () => {
    const sent = [post(patient, true), post(patient, false), post(patient, false)];
    await eventually(() => expect(open).toHaveLength(3));
    end();
    for (const response of await Promise.all(sent)) {
      expect(response.status).toBe(503);
      expect(await response.json()).toMatchObject({ error: { code: 'service_unavailable' } });
    }
    await Promise.all(open.map(broken));
  });
});

describe('a body that trickles in', () => {
  test('is judged when it is complete: a revocation meanwhile counts', async () => {
    const body = JSON.stringify({ model: model.id, messages: [{ role: 'user', content: 'Hi' }] });
    const headers = {
      authorization: `Bearer ${key.raw}`,
      'content-type': 'application/json',
      'content-length': body.length,
    };
    const trickle = httpRequest(`${patient}/v1/chat/completions`, { method: 'POST', headers });
    const answered = once(trickle, 'response');
    const posted = router.posted;
    trickle.write(body.slice(0, 20));
    await delay(100);
    expect(asked).toBe(0);
    word = bad('key_revoked');
    trickle.end(body.slice(20));
    const [response] = (await answered) as [{ statusCode: number; resume(): void }];
    response.resume();
    expect(response.statusCode).toBe(401);
    expect(router.posted).toBe(posted);
  });
});

describe('what runs under a key', () => {
  const count = (id: KeyId) => bus.survey(countRunning, { keyId: id });

  test('every gateway counts its own, and tells who comes with it', async () => {
    const stream = await openStream(patient);
    const plain = post(patient, false);
    await eventually(() => expect(open).toHaveLength(2));
    const other = `key_${'9'.repeat(32)}` as KeyId;
    const byGateway = (answers: { gateway: string }[]) => answers.sort((a, b) => (a.gateway < b.gateway ? -1 : 1));
    expect(byGateway(await count(keyId))).toEqual([
      { gateway: 'gateway-1', requests: 2, streams: 1 },
      { gateway: 'gateway-2', requests: 0, streams: 0 },
    ]);
    expect((await count(other)).map(({ requests }) => requests)).toEqual([0, 0]);
    await stream.body?.cancel();
    open[1]!.destroy();
    await plain;
    await eventually(async () => expect(byGateway(await count(keyId))[0]).toMatchObject({ requests: 0, streams: 0 }));
  });

  test('the registry hears by what kind of client, and from which network', async () => {
    await fetch(`${eager}/v1/models`, {
      headers: { authorization: `Bearer ${key.raw}`, 'user-agent': 'OpenAI/JS 5.0' },
    });
    expect(lastAsked?.client).toEqual({ userAgent: 'sdk', network: '127.0.0.0/24' });
  });
});
