import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ServiceError, verifyKey } from '@orgn/contracts';
import { startService, stopService, type Bus } from '@orgn/service-kit';
import {
  connectTestBus,
  playResponder,
  startNats,
  testEnvironment,
  type TestNats,
  type TestService,
} from '@orgn/testing';
import { gateway } from '../service.ts';
import { makeKey, makeWord } from './make.ts';

type Word = ReturnType<typeof makeWord> | ServiceError;

let nats: TestNats;
let bus: Bus;
let isSilent = false;
let asked: string[] = [];
/** What the health check asks about, which is no key. */
const ofHealth = 'A'.repeat(43);
const words = new Map<string, Word>();
const running: TestService[] = [];

const start = async (more: Record<string, string>) => {
  const instance = `gateway-${running.length + 1}`;
  const environment = await testEnvironment({ instance, nats, servesHttp: true, more });
  running.push(await startService(gateway, environment));
  return { api: `http://127.0.0.1:${environment.HTTP_PORT}`, ops: `http://127.0.0.1:${environment.OPS_PORT}` };
};
const models = (api: string, key: string, headers: Record<string, string> = {}) =>
  fetch(`${api}/v1/models`, { headers: { authorization: `Bearer ${key}`, ...headers } });
const outcome = async (sent: Promise<Response>) => {
  const response = await sent;
  const { error } = (await response.json()) as { error?: { code: string; message: string; param: string | null } };
  return { status: response.status, retryAfter: response.headers.get('retry-after'), ...error };
};
const knownKey = (word: Word = makeWord()): string => {
  const { raw, digest } = makeKey();
  words.set(digest, word);
  return raw;
};
const statuses = async (sent: Promise<Response>[]): Promise<number[]> =>
  (await Promise.all(sent.map(outcome))).map(({ status }) => status);
/** From a network of its own, through the proxy that this test is. */
const from = (address: string) => ({ 'x-forwarded-for': address });

beforeAll(async () => {
  nats = await startNats();
  bus = await connectTestBus(nats);
  playResponder(bus, verifyKey, ({ digest }) => {
    asked.push(digest);
    const word = words.get(digest) ?? new ServiceError('invalid_api_key', 'Unknown.');
    if (isSilent) throw new ServiceError('service_unavailable', 'Not now.');
    if (word instanceof ServiceError) throw word;
    return word;
  });
});
beforeEach(() => {
  asked = [];
  isSilent = false;
});
afterAll(async () => {
  await Promise.all(running.map(stopService));
  await bus.connection.close();
  await nats.stop();
});

describe('an IP allow-list', () => {
  let direct: string;
  let behindProxy: string;

  beforeAll(async () => {
    direct = (await start({})).api;
    behindProxy = (await start({ TRUSTED_PROXIES: '10.0.0.0/8, 127.0.0.1' })).api;
  });

  test('lets in who is on it', async () => {
    const key = knownKey(makeWord({ ipAllowList: ['192.0.2.0/24', '127.0.0.0/8'] }));
    expect(await outcome(models(direct, key))).toMatchObject({ status: 200 });
  });

  test('keeps others out and tells them their address', async () => {
    const refused = await outcome(models(direct, knownKey(makeWord({ ipAllowList: ['192.0.2.0/24'] }))));
    expect(refused).toMatchObject({ status: 403, code: 'ip_not_allowed', param: null });
    expect(refused.message).toContain('127.0.0.1');
  });

  test('is not fooled by X-Forwarded-For of somebody who is no trusted proxy', async () => {
    const key = knownKey(makeWord({ ipAllowList: ['203.0.113.9'] }));
    const refused = await outcome(models(direct, key, from('203.0.113.9')));
    expect(refused).toMatchObject({ status: 403, code: 'ip_not_allowed' });
  });

  test('goes by what the nearest trusted proxy saw, not by what the caller put before it', async () => {
    const key = knownKey(makeWord({ ipAllowList: ['203.0.113.9'] }));
    expect(await outcome(models(behindProxy, key, from('203.0.113.9')))).toMatchObject({ status: 200 });
    const chain = await outcome(models(behindProxy, key, from('198.51.100.1, 203.0.113.9, 10.1.1.1')));
    expect(chain).toMatchObject({ status: 200 });
    const spoofed = await outcome(models(behindProxy, key, from('203.0.113.9, 198.51.100.7')));
    expect(spoofed).toMatchObject({ status: 403, code: 'ip_not_allowed' });
    expect(spoofed.message).toContain('198.51.100.7');
  });

  test('admits nobody whose address is no address, and does not repeat it', async () => {
    const key = knownKey(makeWord({ ipAllowList: ['0.0.0.0/0', '::/0'] }));
    const refused = await outcome(models(behindProxy, key, from('<script>')));
    expect(refused).toMatchObject({ status: 403, code: 'ip_not_allowed' });
    expect(refused.message).not.toContain('script');
  });
});

describe('keys in odd places', () => {
  test('cost no look-up, and each refusal is counted by its reason', async () => {
    const { api, ops } = await start({});
    const key = knownKey();
    const sent = [
      fetch(`${api}/v1/models?key=${key}`),
      models(api, `${key}x`),
      fetch(`${api}/v1/models`, { headers: { cookie: '__Host-orgn_session=abc' } }),
      models(api, key.toUpperCase()),
    ];
    const refused = await Promise.all(sent.map(outcome));
    expect(refused.map(({ code }) => code)).toEqual([
      'invalid_api_key',
      'invalid_api_key',
      'missing_api_key',
      'invalid_api_key',
    ]);
    expect(asked.filter((digest) => digest !== ofHealth)).toEqual([]);
    const metrics = await (await fetch(`${ops}/metrics`)).text();
    expect(metrics).toMatch(/orgn_edge_key_refusals_total\{[^}]*reason="invalid_api_key"[^}]*\} 3/);
    expect(metrics).toMatch(/orgn_edge_key_refusals_total\{[^}]*reason="missing_api_key"[^}]*\} 1/);
  });
});

describe('the brake on guessing', () => {
  const slow = { TRUSTED_PROXIES: '127.0.0.1', UNKNOWN_KEYS_NETWORK_REFILL_MS: '60000' };

  test('tells a network that sent unknown keys to come back later, and refuses no good key beside them', async () => {
    const { api } = await start({ ...slow, UNKNOWN_KEYS_NETWORK_BURST: '3' });
    const accepted = knownKey();
    expect(await outcome(models(api, accepted, from('203.0.113.1')))).toMatchObject({ status: 200 });
    // All at once: an attempt under way counts as if it failed.
    const guesses = Array.from({ length: 40 }, () => models(api, makeKey().raw, from('203.0.113.2')));
    const answered = await statuses(guesses);
    expect(answered.filter((status) => status === 401)).toHaveLength(3);
    expect(answered.filter((status) => status === 429)).toHaveLength(37);
    const refused = await outcome(models(api, makeKey().raw, from('203.0.113.3')));
    expect(refused).toMatchObject({ status: 429, code: 'rate_limit_exceeded' });
    expect(Number(refused.retryAfter)).toBeGreaterThan(50);

    expect(await outcome(models(api, knownKey(), from('203.0.113.3')))).toMatchObject({ status: 200 });
    expect(await outcome(models(api, knownKey(), from('198.51.100.1')))).toMatchObject({ status: 200 });
  });

  test('asks about no key of a network that guesses while few look-ups are left, and goes on with the others', async () => {
    const { api } = await start({
      ...slow,
      UNKNOWN_KEYS_NETWORK_BURST: '3',
      UNKNOWN_KEYS_BURST: '20',
      UNKNOWN_KEYS_PER_SECOND: '0.1',
    });
    const accepted = knownKey();
    expect(await outcome(models(api, accepted, from('203.0.113.1')))).toMatchObject({ status: 200 });
    asked = [];
    for (let guess = 0; guess < 30; guess += 1) await outcome(models(api, makeKey().raw, from('203.0.113.2')));
    // Half of the gateway's, and not one more.
    expect(asked).toHaveLength(10);
    expect(await outcome(models(api, knownKey(), from('203.0.113.3')))).toMatchObject({ status: 429 });
    expect(asked).toHaveLength(10);
    expect(await outcome(models(api, knownKey(), from('198.51.100.1')))).toMatchObject({ status: 200 });
    // Accepted lately: it passes the brake, and is asked about all the same.
    asked = [];
    expect(await outcome(models(api, accepted, from('203.0.113.1')))).toMatchObject({ status: 200 });
    expect(asked).toHaveLength(1);
    words.set(asked[0]!, new ServiceError('key_revoked', 'Revoked.'));
    const dead = await outcome(models(api, accepted, from('203.0.113.1')));
    expect(dead).toMatchObject({ status: 401, code: 'key_revoked' });
  });

  test('lets keys that are new here in while many networks guess', async () => {
    const { api } = await start({ TRUSTED_PROXIES: '127.0.0.1' });
    const strangers = Array.from({ length: 1_500 }, (_, index) =>
      models(api, makeKey().raw, from(`203.${index % 120}.0.1`)).then((response) => response.arrayBuffer()),
    );
    const customers = Array.from({ length: 40 }, (_, index) => models(api, knownKey(), from(`198.51.${index % 9}.1`)));
    expect(new Set(await statuses(customers))).toEqual(new Set([200]));
    await Promise.all(strangers);
  });

  test('caps unknown keys of all networks together, and recovers', async () => {
    const { api } = await start({ ...slow, UNKNOWN_KEYS_BURST: '5', UNKNOWN_KEYS_PER_SECOND: '10' });
    const guesses = Array.from({ length: 30 }, (_, index) => models(api, makeKey().raw, from(`203.0.${index}.1`)));
    const answered = await statuses(guesses);
    // 5 at once, and what is refilled while they are answered.
    expect(answered.filter((status) => status === 401).length).toBeLessThan(12);
    expect(answered.filter((status) => status === 401).length).toBeGreaterThanOrEqual(5);
    expect(new Set(answered)).toEqual(new Set([401, 429]));
    const { retryAfter } = await outcome(models(api, makeKey().raw, from('203.0.99.1')));
    await new Promise((resolve) => setTimeout(resolve, Number(retryAfter ?? 0) * 1_000));
    expect(await outcome(models(api, knownKey(), from('203.0.99.2')))).toMatchObject({ status: 200 });
  });

  test('lets many good keys that it never saw in at the same time', async () => {
    const { api } = await start({ ...slow, UNKNOWN_KEYS_NETWORK_BURST: '3' });
    const first = Array.from({ length: 60 }, () => models(api, knownKey()));
    expect(new Set(await statuses(first))).toEqual(new Set([200]));
  });

  test('holds no failure of the registry against a caller', async () => {
    const { api } = await start({ ...slow, UNKNOWN_KEYS_NETWORK_BURST: '2' });
    isSilent = true;
    for (let attempt = 0; attempt < 5; attempt += 1)
      expect(await outcome(models(api, knownKey()))).toMatchObject({ status: 503, code: 'service_unavailable' });
    isSilent = false;
    expect(await outcome(models(api, knownKey()))).toMatchObject({ status: 200 });
  });
});
