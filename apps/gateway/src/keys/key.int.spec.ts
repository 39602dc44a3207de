import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  inspectKey,
  ServiceError,
  surrenderKey,
  tellMonth,
  tellSpend,
  verifyKey,
  type KeyId,
  type ReplyOf,
  type RequestOf,
  type TeamId,
  type UserId,
} from '@orgn/contracts';
import { startService, stopService, type Bus } from '@orgn/service-kit';
import {
  connectTestBus,
  playResponder,
  startNats,
  testEnvironment,
  type TestNats,
  type TestService,
} from '@orgn/testing';
import { makeKey, makeWord } from '../authentication/make.ts';
import { gateway } from '../service.ts';

const BURST = 4;
const key = makeKey();
const view: ReplyOf<typeof inspectKey> = {
  ...{ seesBalance: false, teamBudget: null, memberBudget: null },
  id: `key_${'1'.repeat(32)}` as KeyId,
  teamId: 'team_acme' as TeamId,
  name: 'CI',
  hint: 'sk-ollm-…o5p6',
  state: 'rotating',
  expiresAt: '2027-01-01T00:00:00Z',
  models: ['near_qwen3_30b'],
  executionPolicy: 'tee_only',
  ipAllowList: ['127.0.0.0/8'],
  budgets: { month: '25.00' },
  softBudgets: [],
  rpm: 60,
  tpm: null,
  concurrency: null,
  createdBy: null,
  ownerId: null,
  lineageId: `key_${'2'.repeat(32)}` as KeyId,
  replaces: null,
  replacedBy: `key_${'3'.repeat(32)}` as KeyId,
  createdAt: '2026-01-01T00:00:00Z',
  lastUsedAt: '2026-01-02T00:00:00.500Z',
  lastUsedWith: 'sdk',
  lastUsedFrom: null,
  isAwaitingSuccessor: false,
  revokedAt: null,
  revocationReason: null,
};
const revoked: ReplyOf<typeof inspectKey> = {
  ...view,
  state: 'revoked',
  revokedAt: '2026-02-01T00:00:00Z',
  revocationReason: 'leaked',
};

let nats: TestNats;
let bus: Bus;
let edge: TestService;
let api: string;
let ends: (() => void)[] = [];

const call = async (method: string, path: string, options: { key?: string; body?: string; agent?: string } = {}) => {
  const { body } = options;
  const response = await fetch(`${api}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${options.key ?? key.raw}`,
      'user-agent': options.agent ?? 'curl/8',
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    body: body ?? null,
  });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  };
};
/** Returns once the server knows who answers: the gateway asks over a connection of its own. */
const play = async (...responders: (() => void)[]) => {
  ends = responders;
  await bus.connection.flush();
};
/** The registry's word at the head of a request. */
const accept = () => playResponder(bus, verifyKey, () => makeWord());
const refuse = (code: 'key_revoked' | 'invalid_api_key') => () => {
  throw new ServiceError(code, 'No.');
};

beforeAll(async () => {
  nats = await startNats();
  bus = await connectTestBus(nats);
  const more = { UNKNOWN_KEYS_NETWORK_BURST: String(BURST), UNKNOWN_KEYS_NETWORK_REFILL_MS: '600000' };
  const environment = await testEnvironment({ instance: 'gateway-1', nats, servesHttp: true, more });
  edge = await startService(gateway, environment);
  api = `http://127.0.0.1:${environment.HTTP_PORT}`;
});
beforeEach(async () => {
  for (const end of ends.splice(0)) end();
  await bus.connection.flush();
});
afterAll(async () => {
  await stopService(edge);
  await bus.connection.close();
  await nats.stop();
});

describe('GET /v1/key', () => {
  test('tells a key about itself, and nobody to keep it', async () => {
    await play(
      accept(),
      playResponder(bus, inspectKey, () => view),
    );
    const { status, headers, body } = await call('GET', '/v1/key');
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toEqual({
      object: 'key',
      id: view.id,
      name: 'CI',
      hint: 'sk-ollm-…o5p6',
      team_id: 'team_acme',
      state: 'rotating',
      created_at: 1_767_225_600,
      last_used_at: 1_767_312_000,
      expires_at: 1_798_761_600,
      execution_policy: 'tee_only',
      models: ['near_qwen3_30b'],
      ip_allow_list: ['127.0.0.0/8'],
      budgets: { month: '25.00' },
      soft_budgets: [],
      team_budget: null,
      member_budget: null,
      rpm: 60,
      tpm: null,
      concurrency: null,
      spend: null,
      rates: null,
      lineage_id: view.lineageId,
      replaces: null,
      replaced_by: view.replacedBy,
    });
  });

  test('tells what its rotation family has spent, and what is left of its budgets', async () => {
    const spent = { spentNanoUsd: '1500000000', heldNanoUsd: '250000000' };
    const month = { period: 'month' as const, ...spent, resetsAt: '2026-02-01T00:00:00.000Z' };
    const total = { period: 'total' as const, ...spent, resetsAt: null };
    await play(
      accept(),
      playResponder(bus, inspectKey, () => view),
      playResponder(bus, tellSpend, ({ teamId, lineageId }) => {
        expect({ teamId, lineageId }).toEqual({ teamId: view.teamId, lineageId: view.lineageId });
        return { windows: [month, total] };
      }),
    );
    const told = { spent: '1.500000000', held: '0.250000000' };
    expect((await call('GET', '/v1/key')).body.spend).toEqual([
      { window: 'month', ...told, limit: '25.00', remaining: '23.250000000', resets_at: 1_769_904_000 },
      { window: 'total', ...told, limit: null, remaining: null, resets_at: null },
    ]);
  });

  test('tells how the monthly budgets of its team and its owner stand, which hold it as well', async () => {
    const ownerId = `user_${'4'.repeat(32)}` as UserId;
    const budgets = { teamBudget: { limit: '100', isSoft: true }, memberBudget: { limit: '5', isSoft: false } };
    const inspected = playResponder(bus, inspectKey, () => ({ ...view, ownerId, ...budgets }));
    const team = { spentNanoUsd: '1500000000', heldNanoUsd: '250000000' };
    const member = { spentNanoUsd: '6000000000', heldNanoUsd: '0', userId: ownerId };
    const told = playResponder(bus, tellMonth, ({ memberIds }) => {
      expect(memberIds).toEqual([ownerId]);
      return { team, members: [member], resetsAt: '2026-02-01T00:00:00.000Z' };
    });
    await play(accept(), inspected, told);
    const reset = { resets_at: 1_769_904_000 };
    expect((await call('GET', '/v1/key')).body).toMatchObject({
      team_budget: { limit: '100', is_soft: true, spent: '1.500000000', remaining: '98.250000000', ...reset },
      member_budget: { limit: '5', is_soft: false, held: '0.000000000', remaining: '0.000000000', ...reset },
    });
    told();
    await bus.connection.flush();
    expect((await call('GET', '/v1/key')).body.team_budget).toEqual({
      ...{ limit: '100', is_soft: true, spent: null, held: null, remaining: null, resets_at: null },
    });
  });

  test('is refused like any use of the key', async () => {
    await play(accept(), playResponder(bus, inspectKey, refuse('key_revoked')));
    expect(await call('GET', '/v1/key')).toMatchObject({ status: 401, body: { error: { code: 'key_revoked' } } });
  });

  test('is refused to an address that the key may not be used from', async () => {
    await play(
      accept(),
      playResponder(bus, inspectKey, () => ({ ...view, ipAllowList: ['192.0.2.1'] })),
    );
    expect(await call('GET', '/v1/key')).toMatchObject({ status: 403, body: { error: { code: 'ip_not_allowed' } } });
  });

  test('says 503 when the registry is away', async () => {
    expect(await call('GET', '/v1/key')).toMatchObject({
      status: 503,
      body: { error: { code: 'service_unavailable' } },
    });
  });

  test('names its methods', async () => {
    await play(accept());
    const { status, headers } = await call('DELETE', '/v1/key');
    expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });
});

describe('POST /v1/key/revoke', () => {
  const answer = {
    object: 'key',
    id: view.id,
    state: 'revoked',
    revoked_at: 1_769_904_000,
    revocation_reason: 'leaked',
  };

  test.each([undefined, '{}'])(
    'ends the key for whoever has it, in any state and from anywhere (body %j)',
    async (body) => {
      const asked: RequestOf<typeof surrenderKey>[] = [];
      await play(
        playResponder(bus, surrenderKey, (request) => {
          asked.push(request);
          return { ...revoked, ipAllowList: ['192.0.2.1'] };
        }),
        // The key's own standing is nobody's question here.
        playResponder(bus, verifyKey, refuse('key_revoked')),
      );
      for (const agent of ['curl/8', 'Mozilla/5.0 secret-text'])
        expect(await call('POST', '/v1/key/revoke', { agent, ...(body !== undefined && { body }) })).toMatchObject({
          status: 200,
          body: answer,
        });
      expect(asked).toEqual([
        { digest: key.digest, client: { address: '127.0.0.1', userAgent: 'cli' } },
        { digest: key.digest, client: { address: '127.0.0.1', userAgent: 'browser' } },
      ]);
    },
  );

  test.each([
    ['{"reason":"other"}', 'unknown_parameter', 'reason'],
    ['[]', 'invalid_request', null],
    ['{', 'invalid_request', null],
  ])('refuses the body %s and revokes nothing', async (body, code, param) => {
    let asked = 0;
    await play(
      accept(),
      playResponder(bus, surrenderKey, () => ((asked += 1), revoked)),
    );
    expect(await call('POST', '/v1/key/revoke', { body })).toMatchObject({
      status: 400,
      body: { error: { code, param } },
    });
    expect(asked).toBe(0);
  });

  test('says 503, and never that it is done, when nobody answers or the key still lives', async () => {
    expect(await call('POST', '/v1/key/revoke')).toMatchObject({ status: 503 });
    await play(
      accept(),
      playResponder(bus, surrenderKey, () => view),
    );
    expect(await call('POST', '/v1/key/revoke')).toMatchObject({ status: 503 });
  });

  test('counts unknown keys as guesses', async () => {
    await play(playResponder(bus, verifyKey, refuse('invalid_api_key')));
    const statuses = [];
    for (let guess = 0; guess <= BURST; guess += 1)
      statuses.push((await call('POST', '/v1/key/revoke', { key: makeKey().raw })).status);
    expect(statuses).toEqual([...Array.from({ length: BURST }, () => 401), 429]);
  });
});
