import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  listUsage,
  summarizeUsage,
  usageSettled,
  type KeyId,
  type UsageEvent,
  type UsageWitness,
  type UserId,
} from '@orgn/contracts';
import { mintTicket, noLimits } from '@orgn/service-kit';
import { admissionSettings } from '@orgn/service-kit/settings';
import { eventually, startBackbone, type Backbone, type TestService } from '@orgn/testing';
import { Client } from 'pg';
import { z } from 'zod';
import { migrations } from '../migrations/index.ts';
import { usageMeteringService } from '../service.ts';
import { makeRequestId, makeTicketFor, makeUsage, makeUsageEvent } from './make.ts';
import { Witnesses } from './testing/witnesses.ts';

const schema = 'usage_metering';
const HOUR_MS = 3_600_000;
const keysOf = (kid: string) =>
  z.object(admissionSettings).parse({ ADMISSION_KEYS: `${kid}:${Buffer.alloc(32, 'other').toString('base64url')}` })
    .ADMISSION_KEYS;

let backbone: Backbone;
let metering: TestService;
let witnesses: Witnesses;
let admin: Client;

beforeAll(async () => {
  backbone = await startBackbone([{ name: schema, migrations }]);
  metering = await backbone.start(usageMeteringService, { instance: 'usage-metering-1', schema });
  witnesses = new Witnesses(backbone.bus);
  admin = new Client({ connectionString: backbone.postgres.adminUrl });
  await admin.connect();
});
afterAll(async () => {
  witnesses.close();
  await admin.end();
  await backbone.stop();
});

const settled = () => eventually(() => expect(witnesses.unsettled).toBe(0));
const say = async (...events: UsageEvent[]) => {
  await witnesses.publish(...events);
  await settled();
};
const rowsOf = async (teamId: string) => (await backbone.bus.ask(listUsage, { teamId })).rows;
const reasonsOf = async (requestId: string): Promise<unknown[]> => {
  const sql =
    "SELECT reason, witness, payload FROM usage_metering.quarantined_words WHERE payload LIKE '%' || $1 || '%'";
  return (await admin.query<{ reason: string }>(sql, [requestId])).rows;
};
const metric = async (name: string) => {
  const text = await (await fetch(`http://127.0.0.1:${metering.config.OPS_PORT}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line.startsWith(name));
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
};
/** A team of its own for each test. */
const newTeam = () => `team_${randomBytes(6).toString('hex')}`;

describe('a word', () => {
  test('is settled for whom its ticket names, however old that is, at the time it says', async () => {
    const teamId = newTeam();
    const usage = makeUsage({ teamId, startedAt: new Date().toISOString() });
    const ownerId = `user_${'5'.repeat(32)}` as UserId;
    const lineageId = `key_${'6'.repeat(32)}` as KeyId;
    const admittedAtMs = Date.now() - 9 * HOUR_MS;
    const ticket = makeTicketFor(usage, { ownerId, lineageId, admittedAtMs });
    await say(makeUsageEvent(usage, 'router', { ticket }));
    const startedAt = new Date(admittedAtMs).toISOString();
    expect(await rowsOf(teamId)).toMatchObject([{ ownerId, lineageId, startedAt, witness: 'router' }]);
  });

  const usage = () => makeUsage({ teamId: newTeam() });
  const other = () => makeUsage({ teamId: newTeam(), keyId: `key_${'9'.repeat(32)}` });
  type Case = [what: string, reason: string, voice: (said: ReturnType<typeof usage>) => string | null];
  const cases: Case[] = [
    ['without a ticket', 'ticket_missing', () => null],
    ['with half a ticket', 'ticket_malformed', () => 'test.a.b'],
    ['with a ticket that was cut short', 'ticket_malformed', (said) => makeTicketFor(said).slice(0, -1)],
    ['with a forged ticket', 'ticket_forged', (said) => forged('test', said)],
    ['with a ticket under a key that nobody knows', 'ticket_unknown_kid', (said) => forged('t9', said)],
    [
      'with the ticket of another request',
      'other_request',
      (said) => ticketOf({ ...said, requestId: makeRequestId() }),
    ],
    ['about another key', 'other_key', (said) => ticketOf({ ...said, keyId: other().keyId })],
    ['about another team', 'other_team', (said) => ticketOf({ ...said, teamId: other().teamId })],
  ];
  const ticketOf = (said: object) => makeTicketFor(makeUsage(said));
  const forged = (kid: string, { requestId, keyId, teamId }: ReturnType<typeof usage>) => {
    const limits = { executionPolicy: 'any' as const, ...noLimits };
    const ids = {
      source: 'api' as const,
      requestId,
      keyId,
      teamId,
      ownerId: null,
      lineageId: keyId,
      admittedAtMs: Date.now(),
    };
    return mintTicket(keysOf(kid), { ...ids, ...limits }, null);
  };

  test.each(cases)('%s goes to quarantine as %s, and holds up nobody', async (_what, reason, voice) => {
    for (const witness of ['router', 'gateway'] as UsageWitness[]) {
      const [bad, good] = [usage(), usage()];
      const counted = await metric(`orgn_usage_quarantined_total{reason="${reason}"`);
      await say(makeUsageEvent(bad, witness, { ticket: voice(bad) }), makeUsageEvent(good, witness));
      expect(await rowsOf(bad.teamId)).toEqual([]);
      expect(await rowsOf(good.teamId)).toHaveLength(1);
      const [kept] = await reasonsOf(bad.requestId);
      expect(kept).toMatchObject({ reason, witness });
      expect(await metric(`orgn_usage_quarantined_total{reason="${reason}"`)).toBe(counted + 1);
    }
  });

  test('that is set aside is kept once, however often it is said, with nothing but what words have', async () => {
    const bad = { ...makeUsageEvent(usage(), 'gateway', { ticket: null }), prompt: 'what a caller said' };
    await say(bad);
    await witnesses.repeat(bad, bad);
    await say(makeUsageEvent(usage(), 'gateway'));
    const kept = await reasonsOf(bad.data.requestId);
    expect(kept).toHaveLength(1);
    expect(JSON.stringify(kept)).not.toContain('what a caller said');
  });

  test('of a gateway outranks no router’s, whatever it calls itself', async () => {
    const said = usage();
    await say(makeUsageEvent({ ...said, costNanoUsd: 7 }, 'router'));
    const told: string[] = [];
    const stop = backbone.bus.listen(usageSettled, ({ eventIds }) => void told.push(...eventIds));
    const lie = makeUsageEvent({ ...said, outcome: 'withheld', costNanoUsd: 0 }, 'router');
    await witnesses.publishAs('gateway', lie);
    // Nor may it have a router forget the word of that name: the subject says whose it is.
    const honest = lie.id.replace('/router/', '/gateway/');
    await eventually(() => expect(told).toContain(honest));
    expect(told).not.toContain(lie.id);
    stop();
    witnesses.forget(lie.id);
    expect(await rowsOf(said.teamId)).toMatchObject([{ costNanoUsd: 7, outcome: 'completed', witness: 'router' }]);
  });
});

describe('one request id', () => {
  test('that two routers ran is charged twice, and an alarm is raised', async () => {
    const usage = makeUsage({ teamId: newTeam(), costNanoUsd: 5 });
    const alarms = await metric('orgn_usage_double_charged_total');
    const words = [1, 2].map((n) => makeUsageEvent(usage, 'router', { instance: `router-${n}` }));
    await say(...words);
    await witnesses.repeat(...words.toReversed());
    await say(makeUsageEvent({ ...usage, outcome: 'failed' }, 'gateway'));
    const rows = await rowsOf(usage.teamId);
    expect(rows.map(({ secondOf }) => secondOf).sort()).toEqual([null, usage.requestId].sort());
    expect(rows.map(({ instance }) => instance).sort()).toEqual(['router-1', 'router-2']);
    const totals = await backbone.bus.ask(summarizeUsage, { teamId: usage.teamId });
    expect(totals).toMatchObject({ requests: 2, costNanoUsd: 10 });
    expect(await metric('orgn_usage_double_charged_total')).toBe(alarms + 1);
  });

  test('under a later admission is another run, also at the same router', async () => {
    const usage = makeUsage({ teamId: newTeam(), costNanoUsd: 5 });
    await say(makeUsageEvent(usage));
    const startedAt = new Date(Date.parse(usage.startedAt) + HOUR_MS).toISOString();
    await witnesses.repeat(makeUsageEvent({ ...usage, startedAt }));
    await eventually(async () => expect(await rowsOf(usage.teamId)).toHaveLength(2));
  });

  test('of which one router withheld its answer is no alarm', async () => {
    const usage = makeUsage({ teamId: newTeam(), costNanoUsd: 5 });
    const alarms = await metric('orgn_usage_double_charged_total');
    const withheld = { ...usage, outcome: 'withheld' as const, costNanoUsd: 0 };
    await say(makeUsageEvent(withheld, 'router', { instance: 'router-1' }));
    await say(makeUsageEvent(usage, 'router', { instance: 'router-2' }));
    expect(await backbone.bus.ask(summarizeUsage, { teamId: usage.teamId })).toMatchObject({ costNanoUsd: 5 });
    expect(await metric('orgn_usage_double_charged_total')).toBe(alarms);
  });
});

test('windows count by the time of admission, not by ids that a gateway made with its own clock', async () => {
  const teamId = newTeam();
  const now = Date.now();
  const at = (idMs: number, admittedAtMs: number) =>
    makeUsageEvent({ teamId, requestId: makeRequestId(idMs), startedAt: new Date(admittedAtMs).toISOString() });
  const late = at(now - 10 * 60_000, now);
  const early = at(now + 10 * 60_000, now - HOUR_MS);
  await say(late, early);
  const requestsSince = async (ms: number) =>
    (await backbone.bus.ask(summarizeUsage, { teamId, since: new Date(ms).toISOString() })).requests;
  expect([await requestsSince(now), await requestsSince(now + 1), await requestsSince(now - HOUR_MS)]).toEqual([
    1, 0, 2,
  ]);
});
