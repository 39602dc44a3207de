import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  bookMoney,
  reconcileBooks,
  ServiceError,
  tellBalance,
  tellStatement,
  type Balance,
  type RequestOf,
  type TeamId,
} from '@orgn/contracts';
import { eventually, startBackbone, type Backbone } from '@orgn/testing';
import { Client } from 'pg';
import { migrations } from '../migrations/index.ts';
import { usageMeteringService } from '../service.ts';
import { makeUsageEvent } from '../usage/make.ts';
import { Witnesses } from '../usage/testing/witnesses.ts';

const schema = 'usage_metering';
let backbone: Backbone;
let witnesses: Witnesses;
let admin: Client;
let teams = 0;

beforeAll(async () => {
  backbone = await startBackbone([{ name: schema, migrations }]);
  const more = { BILLING: 'prepaid' };
  await backbone.start(usageMeteringService, { instance: 'usage-metering-1', schema, more });
  witnesses = new Witnesses(backbone.bus);
  admin = new Client({ connectionString: backbone.postgres.adminUrl });
  await admin.connect();
  await admin.query('SET search_path TO usage_metering');
});
afterAll(async () => {
  witnesses.close();
  await admin.end();
  await backbone.stop();
});

const newTeam = () => `team_paid-${(teams += 1)}` as TeamId;
type Booking = RequestOf<typeof bookMoney>;
const book = (teamId: TeamId, kind: Booking['kind'], amount: string, idempotencyKey = crypto.randomUUID() as string) =>
  backbone.bus.ask(bookMoney, { teamId, kind, amount, reason: 'because', actor: 'operator:test', idempotencyKey });
const balanceOf = (teamId: TeamId) => backbone.bus.ask(tellBalance, { teamId });
const use = async (teamId: TeamId, costNanoUsd: number, startedAt = new Date().toISOString()) => {
  await witnesses.publish(makeUsageEvent({ teamId, costNanoUsd, startedAt }));
  await eventually(() => expect(witnesses.unsettled).toBe(0));
};
/** As an owner does: a block of the balance, which is what is held. */
const hold = async (teamId: TeamId, nanoUsd: number) => {
  await admin.query("UPDATE budget_scopes SET held_nano_usd = $2 WHERE team_id = $1 AND kind = 'balance'", [
    teamId,
    nanoUsd,
  ]);
  await admin.query('DELETE FROM hold_blocks WHERE team_id = $1', [teamId]);
  await admin.query(
    `INSERT INTO hold_blocks (team_id, kind, subject, period, starts_at, shard, epoch, nano_usd)
     VALUES ($1, 'balance', '', 'total', to_timestamp(0), 0, 1000000, $2)`,
    [teamId, nanoUsd],
  );
};
const chargeBack = (teamId: TeamId, nanoUsd: number) =>
  admin.query("SELECT book_money($1, 'chargeback', $2, 'disputed', 'stripe', gen_random_uuid()::text, NULL)", [
    teamId,
    nanoUsd,
  ]);
const sums = ({ fundsNanoUsd, availableNanoUsd, owedNanoUsd, usedNanoUsd }: Balance) => [
  ...[fundsNanoUsd, availableNanoUsd, owedNanoUsd, usedNanoUsd],
];
const differing = async () => {
  const lines = [];
  let cursor: string | null = null;
  do {
    const page: { lines: { differing: number }[]; next: string | null } = await backbone.bus.ask(reconcileBooks, {
      cursor,
    });
    lines.push(...page.lines);
    cursor = page.next;
  } while (cursor !== null);
  expect(lines.length).toBeGreaterThan(0);
  return lines.filter((line) => line.differing > 0);
};

describe('a team’s balance', () => {
  test('of a team that nothing was ever booked for is nothing', async () => {
    expect(sums(await balanceOf(newTeam()))).toEqual(['0', '0', '0', '0']);
  });

  test('is what was credited less what was used, and what it lacks is owed until the next credit', async () => {
    const teamId = newTeam();
    await book(teamId, 'credit', '0.000000100');
    await use(teamId, 70);
    expect(sums(await balanceOf(teamId))).toEqual(['30', '30', '0', '70']);
    await use(teamId, 50);
    expect(sums(await balanceOf(teamId))).toEqual(['0', '0', '20', '120']);
    await book(teamId, 'credit', '0.000000025');
    expect(sums(await balanceOf(teamId))).toEqual(['5', '5', '0', '120']);
  });

  test('does not pay for what is used out of what is held for others', async () => {
    const teamId = newTeam();
    await book(teamId, 'credit', '0.0000001');
    await hold(teamId, 80);
    await use(teamId, 50);
    expect(sums(await balanceOf(teamId))).toEqual(['80', '0', '30', '50']);
    await hold(teamId, 0);
    await admin.query('SELECT recover_owed($1)', [teamId]);
    expect(sums(await balanceOf(teamId))).toEqual(['50', '50', '0', '50']);
  });

  test('gives back what nothing is held for, and no more', async () => {
    const teamId = newTeam();
    await book(teamId, 'credit', '1');
    await hold(teamId, 400_000_000);
    await expect(book(teamId, 'refund', '0.600000001')).rejects.toMatchObject({ code: 'insufficient_balance' });
    await book(teamId, 'refund', '0.6');
    expect(sums(await balanceOf(teamId))).toEqual(['400000000', '0', '0', '0']);
  });

  test('yields to a chargeback whatever is left: what it lacks is owed', async () => {
    const teamId = newTeam();
    await book(teamId, 'credit', '0.0000001');
    await use(teamId, 60);
    await chargeBack(teamId, 100);
    expect(sums(await balanceOf(teamId))).toEqual(['0', '0', '60', '60']);
  });

  test('is credited once for each key, however often and at once it is said', async () => {
    const teamId = newTeam();
    const answers = await Promise.all(Array.from({ length: 8 }, () => book(teamId, 'credit', '5', 'once')));
    expect(answers.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect((await balanceOf(teamId)).fundsNanoUsd).toBe('5000000000');
    for (const [kind, amount] of [
      ['credit', '6'],
      ['refund', '5'],
    ] as const)
      await expect(book(teamId, kind, amount, 'once')).rejects.toMatchObject({ code: 'idempotency_mismatch' });
  });

  test('keeps sums that no number fits', async () => {
    const teamId = newTeam();
    for (let time = 0; time < 9; time += 1) await book(teamId, 'credit', '999999999.999999999');
    expect((await balanceOf(teamId)).fundsNanoUsd).toBe('8999999999999999991');
    await expect(book(teamId, 'credit', '999999999')).rejects.toMatchObject({ code: 'invalid_request' });
  });

  test('is not changed by an amount of nothing', async () => {
    await expect(book(newTeam(), 'credit', '0')).rejects.toBeInstanceOf(ServiceError);
  });
});

describe('a statement', () => {
  test('says what a month began and ended with, and counts usage where it was admitted', async () => {
    const teamId = newTeam();
    await use(teamId, 10, '2026-03-31T23:59:59.999Z');
    await use(teamId, 20, '2026-04-01T00:00:00Z');
    await use(teamId, 30, '2026-04-30T23:59:59.999Z');
    await book(teamId, 'credit', '1');
    const april = await backbone.bus.ask(tellStatement, { teamId, month: '2026-04' });
    expect(april).toEqual({
      ...{
        teamId,
        month: '2026-04',
        openingNanoUsd: '-10',
        closingNanoUsd: '-60',
        usedNanoUsd: '50',
        waivedNanoUsd: '0',
      },
      days: [
        { day: '2026-04-01', entries: 1, usedNanoUsd: '20' },
        { day: '2026-04-30', entries: 1, usedNanoUsd: '30' },
      ],
      money: [],
    });
    const month = new Date().toISOString().slice(0, 7);
    const now = await backbone.bus.ask(tellStatement, { teamId, month });
    expect(now).toMatchObject({ openingNanoUsd: '-60', closingNanoUsd: '999999940' });
    expect(now.money.map(({ kind, credit, amountNanoUsd }) => [kind, credit, amountNanoUsd])).toEqual([
      ['credit', 'receivable', '60'],
      ['credit', 'funds', '999999940'],
    ]);
  });
});

test('after all of this the books agree, and what was written past them shows', async () => {
  expect(await differing()).toEqual([]);
  await admin.query(
    "UPDATE ledger_accounts SET balance_nano_usd = 1 WHERE team_id = 'team_paid-2' AND account = 'revenue'",
  );
  expect(await differing()).toMatchObject([{ teamId: 'team_paid-2', what: 'balance', name: 'revenue', kept: '1' }]);
});
