import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { toDataSourceOptions } from '@orgn/database';
import { billingMode, type BillingMode, type KeyId, type RequestId, type TeamId, type UserId } from '@orgn/contracts';
import { startPostgres, type TestPostgres } from '@orgn/testing';
import fc from 'fast-check';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import type { UsageMeteringConfig } from '../config.ts';
import { migrations } from '../migrations/index.ts';
import { foldWords } from '../usage/fold-words.ts';
import { makeRequestId, makeWord } from '../usage/make.ts';
import { UsageRowEntity } from '../usage/usage-row.entity.ts';
import type { UsageWord } from '../usage/usage-word.ts';
import { UsageRepository } from '../usage/usage.repository.ts';
import { reconcileTeam } from './reconciliation.ts';

let postgres: TestPostgres;
let database: DataSource;
let admin: Client;
let rows: Record<BillingMode, UsageRepository>;
let teams = 0;

beforeAll(async () => {
  postgres = await startPostgres({ schemas: [{ name: 'usage_metering', migrations }] });
  const url = postgres.urlOf('usage_metering');
  database = await new DataSource(
    toDataSourceOptions({ url, instance: 'test', entities: [UsageRowEntity] }),
  ).initialize();
  const repository = (BILLING: BillingMode) =>
    new UsageRepository(database.getRepository(UsageRowEntity), { BILLING } as UsageMeteringConfig);
  rows = Object.fromEntries(billingMode.options.map((billing) => [billing, repository(billing)])) as typeof rows;
  admin = new Client({ connectionString: postgres.adminUrl });
  await admin.connect();
  await admin.query('SET search_path TO usage_metering');
});
afterAll(async () => {
  await database.destroy();
  await admin.end();
  await postgres.stop();
});

const newTeam = () => `team_booked-${(teams += 1)}` as TeamId;
const key = (digit: number) => `key_${String(digit).repeat(32)}` as KeyId;
const user = `user_${'a'.repeat(32)}` as UserId;
const moments = ['2026-03-29T23:59:59.999Z', '2026-03-30T00:00:00Z', '2026-03-31T23:59:59Z', '2026-04-01T00:00:00Z'];
const said = fc.record({
  request: fc.nat(3),
  witness: fc.constantFrom('router' as const, 'gateway' as const),
  instance: fc.nat(1),
  outcome: fc.constantFrom('completed' as const, 'cancelled' as const, 'failed' as const, 'withheld' as const),
  startedAt: fc.constantFrom(...moments),
  keyId: fc.constantFrom(key(1), key(2)),
  ownerId: fc.constantFrom(user, null),
  source: fc.constantFrom('api' as const, 'playground' as const),
  costNanoUsd: fc.nat(1_000_000_000),
});
type Said = typeof said extends fc.Arbitrary<infer T> ? T : never;
const batches = fc.array(fc.array(said, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 6 });

const toWords = (batch: Said[], teamId: TeamId, ids: string[]): UsageWord[] =>
  batch.map(({ request, instance, ownerId, source, ...usage }) => {
    const word = makeWord({ ...usage, teamId, requestId: ids[request]! }, usage.witness);
    return { ...word, instance: `${usage.witness}-${instance}`, ownerId, source };
  });

/** Scopes of every kind over every moment, made before or after what they count. */
async function openScopes(teamId: TeamId, cap: number | null): Promise<void> {
  const scopes = [
    ['lineage', key(1), 'total', '1970-01-01'],
    ['lineage', key(2), 'day', '2026-03-30'],
    ['lineage', key(1), 'week', '2026-03-30'],
    ['member', user, 'month', '2026-03-01'],
    ['team', '', 'month', '2026-04-01'],
  ];
  const column = (index: number) => scopes.map((scope) => scope[index]);
  const starts = scopes.map((scope) => `${scope[3]}T00:00:00Z`);
  const teamIds = scopes.map(() => teamId);
  const caps = scopes.map(() => cap);
  await database.query('SELECT open_scopes($1, $2, $3, $4, $5, $6)', [
    ...[teamIds, column(0), column(1), column(2)],
    ...[starts, caps],
  ]);
}

const reconciled = async (teamId: TeamId) =>
  (await reconcileTeam((text, values) => database.query(text, values), teamId)).filter((line) => line.differing > 0);
const balanceOf = async (teamId: TeamId) =>
  Object.fromEntries(
    (
      await database.query<{ account: string; balance: string }[]>(
        'SELECT account, balance_nano_usd AS balance FROM ledger_accounts WHERE team_id = $1 AND balance_nano_usd <> 0',
        [teamId],
      )
    ).map(({ account, balance }) => [account, Number(balance)]),
  );

describe('the books', () => {
  test('are those of the rows, after every batch of words in any order, repeated and replaced as they may be', async () => {
    const funds = fc.nat(2_000_000_000);
    const modes = fc.array(fc.constantFrom(...billingMode.options), { minLength: 6, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(batches, modes, fc.nat(6), funds, async (all, billing, opensAt, paid) => {
        const teamId = newTeam();
        const ids = Array.from({ length: 4 }, () => makeRequestId());
        for (const [index, batch] of all.entries()) {
          if (index === opensAt) await openScopes(teamId, paid);
          await rows[billing[index]!].keep(foldWords(toWords(batch, teamId, ids)));
          expect(await reconciled(teamId)).toEqual([]);
          const sum = Object.values(await balanceOf(teamId)).reduce((total, balance) => total + balance, 0);
          expect(sum).toBe(0);
        }
        await openScopes(teamId, null);
        expect(await reconciled(teamId)).toEqual([]);
      }),
      { numRuns: process.env.TEST_LONG === '1' ? 1_000 : 50 },
    );
  });

  test('are the same whatever the order, the batches and the repetitions', async () => {
    const words = fc.array(said, { minLength: 1, maxLength: 8 }).filter(isDecidedByRank);
    await fc.assert(
      fc.asyncProperty(words, fc.infiniteStream(fc.nat(99)), async (all, order) => {
        const [one, other] = [newTeam(), newTeam()];
        const idsOf = () => Array.from({ length: 4 }, () => makeRequestId());
        // Of one router, that is: a second one's run is a charge of its own.
        const singly = all.map((word) => ({ ...word, instance: 0, keyId: key(1), startedAt: moments[0]! }));
        await rows.prepaid.keep(foldWords(toWords(singly, one, idsOf())));
        const places = [...singly, ...singly].map((word) => ({ word, at: Number(order.next().value) }));
        const ids = idsOf();
        for (const { word } of places.sort((a, b) => a.at - b.at))
          await rows.prepaid.keep(foldWords(toWords([word], other, ids)));
        expect(await reconciled(other)).toEqual([]);
        expect(await balanceOf(other)).toEqual(await balanceOf(one));
      }),
      { numRuns: 40 },
    );
  });

  test('of one team stay whole while replicas settle, correct and open scopes at once', async () => {
    const teamId = newTeam();
    const ids = Array.from({ length: 40 }, () => makeRequestId() as RequestId);
    const words = (witness: 'router' | 'gateway') =>
      ids.map((requestId, at) =>
        makeWord({ teamId, requestId, keyId: key(1), costNanoUsd: 1_000 + at, startedAt: moments[at % 4]! }, witness),
      );
    const settle = (witness: 'router' | 'gateway') => rows.prepaid.keep(foldWords(words(witness)));
    const open = () => openScopes(teamId, 1_000_000);
    await Promise.all([settle('gateway'), open(), settle('router'), settle('gateway'), open(), settle('router')]);
    expect(await reconciled(teamId)).toEqual([]);
    const charged = ids.reduce((total, _, at) => total + 1_000 + at, 0);
    expect(await balanceOf(teamId)).toEqual({ revenue: charged, receivable: -charged });
  });

  test('follow whoever changes or deletes rows by hand', async () => {
    const teamId = newTeam();
    await rows.prepaid.keep(foldWords([makeWord({ teamId }), makeWord({ teamId })]));
    await database.query('UPDATE usage_rows SET cost_nano_usd = 1 WHERE team_id = $1', [teamId]);
    expect(await balanceOf(teamId)).toEqual({ revenue: 2, receivable: -2 });
    await database.query('DELETE FROM usage_rows WHERE team_id = $1', [teamId]);
    expect(await balanceOf(teamId)).toEqual({});
    expect(await reconciled(teamId)).toEqual([]);
  });

  test.each([
    'UPDATE ledger_transfers SET reason = NULL',
    'DELETE FROM ledger_transfers',
    'UPDATE ledger_accounts SET balance_nano_usd = 0',
  ])("are not the service's to write otherwise: %s", async (statement) => {
    await expect(database.query(statement)).rejects.toMatchObject({ code: '42501' });
    const made = `INSERT INTO ledger_transfers (team_id, charged_at, kind, debit, credit, amount_nano_usd, request_id)
        VALUES ('team_x', now(), 'usage', 'revenue', 'funds', 1, gen_random_uuid())`;
    await expect(database.query(made)).rejects.toMatchObject({ code: '42501' });
  });

  test("take what is not billed out of nobody's funds", async () => {
    const teamId = newTeam();
    await rows.off.keep(foldWords([makeWord({ teamId, costNanoUsd: 5 })]));
    expect(await balanceOf(teamId)).toEqual({ revenue: 5, waived: -5 });
  });

  test('show what was written past them', async () => {
    const teamId = newTeam();
    await rows.prepaid.keep(foldWords([makeWord({ teamId, costNanoUsd: 5 })]));
    await admin.query('UPDATE ledger_accounts SET balance_nano_usd = 6 WHERE team_id = $1 AND account = $2', [
      teamId,
      'revenue',
    ]);
    await admin.query('UPDATE usage_days SET cost_nano_usd = 6 WHERE team_id = $1', [teamId]);
    expect((await reconciled(teamId)).map(({ what, name, kept, found }) => [what, name, kept, found])).toEqual([
      ['balance', 'revenue', '6', '5'],
      ['rollup', 'usage_days', '6', '5'],
      // Each row counts in four parts.
      ['rollup', 'usage_day_parts', '20', '24'],
    ]);
  });
});

/** Each request has at most one word of its highest rank. */
function isDecidedByRank(words: Said[]): boolean {
  const rank = ({ outcome, witness }: (typeof words)[number]) =>
    outcome === 'withheld' ? 3 : witness === 'gateway' ? 1 : 2;
  return [0, 1, 2, 3].every((request) => {
    const ranks = words.filter((word) => word.request === request).map(rank);
    return ranks.filter((value) => value === Math.max(...ranks)).length <= 1;
  });
}
