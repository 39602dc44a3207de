import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  countDaily,
  getRequest,
  listUsage,
  recordRefusals,
  reportUsage,
  searchRequests,
  type KeyId,
  type Refusal,
  type RequestId,
  type TeamId,
  type UsageEvent,
} from '@orgn/contracts';
import { eventually, startBackbone, type Backbone } from '@orgn/testing';
import { Client } from 'pg';
import { migrations } from '../migrations/index.ts';
import { usageMeteringService } from '../service.ts';
import { makeRequestId, makeUsageEvent } from '../usage/make.ts';
import { Witnesses } from '../usage/testing/witnesses.ts';
import { RefusalsExpiry } from '../refusals/refusals-expiry.ts';

const schema = 'usage_metering';
const HOUR_MS = 3_600_000;
const keyId = `key_${'1'.repeat(32)}` as KeyId;

let backbone: Backbone;
let witnesses: Witnesses;
let forget: () => Promise<void>;
let teams = 0;

beforeAll(async () => {
  backbone = await startBackbone([{ name: schema, migrations }]);
  const service = await backbone.start(usageMeteringService, { instance: 'usage-metering-1', schema });
  forget = () => service.app.get(RefusalsExpiry).forget();
  witnesses = new Witnesses(backbone.bus);
});
afterAll(async () => {
  witnesses.close();
  await backbone.stop();
});

const newTeam = () => `team_reports-${(teams += 1)}` as TeamId;
const now = Date.now();
const at = (ms: number) => new Date(ms).toISOString();
const range = { from: at(now - 24 * HOUR_MS), until: at(now + HOUR_MS) };

/** Publishes events of one team and waits until their rows are there. */
async function say(...events: [UsageEvent, ...UsageEvent[]]): Promise<void> {
  await witnesses.publish(...events);
  const requests = new Set(events.map((event) => event.data.requestId));
  await eventually(async () => {
    const { rows } = await backbone.bus.ask(listUsage, { teamId: events[0].subject });
    expect(rows.filter((row) => requests.has(row.requestId))).toHaveLength(requests.size);
  });
}

const made = (teamId: TeamId, ms: number, more: object = {}) =>
  makeUsageEvent({ teamId, keyId, requestId: makeRequestId(ms), startedAt: at(ms), costNanoUsd: 10, ...more });
const refused = (teamId: TeamId, more: Partial<Refusal> = {}): Refusal => ({
  ...{
    requestId: makeRequestId() as RequestId,
    teamId,
    keyId,
    ownerId: null,
    code: 'model_not_allowed',
    param: 'model',
  },
  ...{ model: 'near_qwen3_30b', path: '/v1/chat/completions', durationMs: 3, ...more },
});
const refuse = (refusals: Refusal[], more: { teamId: TeamId; keyId: KeyId; ownerId: null; count: number }[] = []) =>
  backbone.bus.ask(recordRefusals, { refusals, more });
const search = (teamId: TeamId, more: object = {}) =>
  backbone.bus.ask(searchRequests, { teamId, ...range, limit: 50, ...more });

describe('a report', () => {
  test('adds up to what its rows say, by group and by time, beside as long a time before', async () => {
    const teamId = newTeam();
    const [first, ...rest] = [1, 2, 3, 30].map((hours) =>
      made(teamId, now - hours * HOUR_MS, {
        model: hours === 2 ? 'vercel_b' : 'near_a',
        outcome: hours === 3 ? 'failed' : 'completed',
      }),
    );
    await say(first!, ...rest);
    const report = await backbone.bus.ask(reportUsage, { teamId, ...range, unit: 'hour', by: 'model' });
    expect(report.total).toMatchObject({ requests: 3, failed: 1, costNanoUsd: 30, promptTokens: 60 });
    expect(report.before).toMatchObject({ requests: 1, costNanoUsd: 10 });
    expect(report.groups.map(({ name, sums }) => [name, sums.requests])).toEqual([
      ['near_a', 2],
      ['vercel_b', 1],
    ]);
    expect(report.series.map(({ sums }) => sums.costNanoUsd).reduce((sum, cost) => sum + cost, 0)).toBe(30);
    expect(report.series).toHaveLength(3);
    expect(Date.parse(report.from) % HOUR_MS).toBe(0);
    const { records } = await search(teamId);
    expect(records.map(({ row }) => row!.costNanoUsd).reduce((sum, cost) => sum + cost, 0)).toBe(30);
  });

  test('is narrowed by key, model, member and execution, and of all teams where none is named', async () => {
    const teamId = newTeam();
    await say(made(teamId, now, { model: 'near_a' }), made(teamId, now, { model: 'vercel_b', execution: 'zdr' }));
    const ask = async (more: object) =>
      (await backbone.bus.ask(reportUsage, { teamId, ...range, unit: 'day', by: 'execution', ...more })).total.requests;
    expect(await ask({})).toBe(2);
    expect(await ask({ model: 'near_a' })).toBe(1);
    expect(await ask({ execution: 'zdr' })).toBe(1);
    expect(await ask({ key: keyId, member: 'operator' })).toBe(2);
    expect(await ask({ member: 'unrecorded' })).toBe(0);
    expect(await ask({ teamId: null, key: keyId })).toBeGreaterThan(2);
  });

  test('says until when it is complete: all that ended before is in it', async () => {
    const teamId = newTeam();
    await say(made(teamId, now));
    await eventually(async () => {
      const { completeUntil } = await backbone.bus.ask(reportUsage, { teamId, ...range, unit: 'day', by: 'model' });
      expect(Date.parse(completeUntil!)).toBeGreaterThan(now);
    });
  });

  test.each([
    ['ends before it begins', { from: at(now), until: at(now - HOUR_MS) }, 'until'],
    ['is too long for its unit', { from: at(now - 9 * 24 * HOUR_MS), until: at(now) }, 'from'],
  ])('is refused when it %s', async (_, span, param) => {
    const asked = backbone.bus.ask(reportUsage, { teamId: newTeam(), ...span, unit: 'hour', by: 'model' });
    await expect(asked).rejects.toMatchObject({ code: 'invalid_request', param });
  });

  test('counts requests of keys by day, today last', async () => {
    const teamId = newTeam();
    await say(made(teamId, now), made(teamId, now), made(teamId, now - 24 * HOUR_MS));
    const other = `key_${'2'.repeat(32)}` as KeyId;
    const { keys } = await backbone.bus.ask(countDaily, { teamId, keyIds: [keyId, other], days: 30 });
    expect(keys.map((one) => [one.keyId, one.requests.length])).toEqual([
      [keyId, 30],
      [other, 30],
    ]);
    expect(keys[0]!.requests.slice(-2)).toEqual([1, 2]);
    expect(keys[1]!.requests.every((count) => count === 0)).toBe(true);
  });
});

describe('the requests of a team', () => {
  test('are listed newest first, dispatched and refused ones, each once, and paged without gap or repetition', async () => {
    const teamId = newTeam();
    const events = Array.from({ length: 7 }, (_, index) => made(teamId, now - index * 60_000));
    await say(events[0]!, ...events.slice(1));
    const refusals = Array.from({ length: 4 }, (_, index) =>
      refused(teamId, { requestId: makeRequestId(now - index * 90_000) as RequestId }),
    );
    // A dispatched one that failed has both, and is one request.
    await refuse([...refusals, refused(teamId, { requestId: events[0]!.data.requestId, code: 'provider_timeout' })]);
    const seen: string[] = [];
    for (let cursor: RequestId | null = null, pages = 0; pages === 0 || cursor !== null; pages += 1) {
      const page: Awaited<ReturnType<typeof search>> = await search(teamId, { cursor, limit: 3 });
      seen.push(...page.records.map(({ row, refusal }) => (row ?? refusal)!.requestId));
      cursor = page.next;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toHaveLength(11);
    expect(seen).toEqual([...seen].sort().reverse());
    const [failed] = (await search(teamId, { code: 'provider_timeout' })).records;
    expect(failed).toMatchObject({ row: { outcome: 'completed' }, refusal: { code: 'provider_timeout' } });
    expect((await search(teamId, { outcome: 'refused' })).records).toHaveLength(4);
    expect((await search(teamId, { outcome: 'completed' })).records).toHaveLength(7);
    expect((await search(teamId, { model: 'nothing_here' })).records).toEqual([]);
    expect((await search(newTeam())).records).toEqual([]);
  });

  test('are found one by one, with the prices that were applied, and never for another team', async () => {
    const teamId = newTeam();
    const requestId = makeRequestId() as RequestId;
    const price = { input: '0.15', output: '0.60' };
    await say(makeUsageEvent({ teamId, requestId }, 'router', { price }));
    expect(await backbone.bus.ask(getRequest, { teamId, requestId })).toMatchObject({
      row: { requestId },
      refusal: null,
      price,
    });
    await expect(backbone.bus.ask(getRequest, { teamId: newTeam(), requestId })).rejects.toMatchObject({
      code: 'not_found',
    });
    const [one] = [refused(teamId)];
    await refuse([one]);
    expect(await backbone.bus.ask(getRequest, { teamId, requestId: one.requestId })).toMatchObject({
      row: null,
      refusal: { code: 'model_not_allowed', param: 'model' },
      price: null,
    });
  });
});

describe('what is refused', () => {
  test('is kept 60 times a minute of a key, whoever says it, and counted beyond that', async () => {
    const teamId = newTeam();
    const own = `key_${'7'.repeat(32)}` as KeyId;
    const many = (count: number) => Array.from({ length: count }, () => refused(teamId, { keyId: own }));
    // Not across a minute's end, where the count begins anew.
    while (new Date().getSeconds() > 55) await new Promise((resolve) => setTimeout(resolve, 500));
    await Promise.all([refuse(many(40)), refuse(many(40), [{ teamId, keyId: own, ownerId: null, count: 1_000 }])]);
    const { records, counted } = await search(teamId, { limit: 200 });
    expect(records).toHaveLength(60);
    expect(counted).toMatchObject([{ keyId: own, requests: 1_020 }]);
    expect((await search(teamId, { limit: 1, cursor: records[0]!.refusal!.requestId })).counted).toEqual([]);
  });

  test('is forgotten after two weeks', async () => {
    const teamId = newTeam();
    await refuse([refused(teamId), refused(teamId)]);
    const client = new Client({ connectionString: backbone.postgres.urlOf(schema) });
    await client.connect();
    await client.query(
      `UPDATE refusals SET at = at - interval '14 days 1 minute' WHERE request_id = (SELECT request_id FROM refusals WHERE team_id = $1 LIMIT 1)`,
      [teamId],
    );
    await forget();
    const { rows } = await client.query('SELECT * FROM refusals WHERE team_id = $1', [teamId]);
    await client.end();
    expect(rows).toHaveLength(1);
  });
});
