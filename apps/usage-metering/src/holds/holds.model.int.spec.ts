import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { holdShardOf, ServiceError, type KeyId, type RequestId, type TeamId, type UserId } from '@orgn/contracts';
import { noLimits, readReceipt, ServiceLog } from '@orgn/service-kit';
import { makeAdmission } from '@orgn/testing';
import fc from 'fast-check';
import type { Client } from 'pg';
import type { DataSource } from 'typeorm';
import type { UsageMeteringConfig } from '../config.ts';
import type { Booking, LedgerRepository } from '../ledger/ledger.repository.ts';
import { reconcileTeam } from '../ledger/reconciliation.ts';
import { openBooks, type OpenBooks } from '../ledger/testing/open-books.ts';
import { foldWords } from '../usage/fold-words.ts';
import { makeRequestId, makeWord, testKeys } from '../usage/make.ts';
import type { UsageRepository } from '../usage/usage.repository.ts';
import { BlocksRepository } from './blocks.repository.ts';
import { DeskDrawer } from './desk-drawer.ts';
import { toOrder, type HoldOrder, type HoldOutcome } from './hold-order.ts';
import { Proofs } from '../proofs/proofs.ts';
import { TeamDesk } from './team-desk.ts';
import { payIn } from './testing/pay-in.ts';

// Owners, their blocks and the books together, whatever happens to them in whatever order.

const isLong = process.env.TEST_LONG === '1';
/** Runs of up to so many steps each: a long test takes more than 10,000 of them. */
const [RUNS, STEPS] = isLong ? [600, 40] : [12, 20];
const config = {
  BILLING: 'prepaid',
  HOLD_WAIT_MS: 50,
  HOLD_IDLE_MS: 600_000,
  ADMISSION_KEYS: testKeys,
} as UsageMeteringConfig;
/** What is refused is told of elsewhere. */
const refused = () => undefined;
const log = new ServiceLog('test', 'test-1', 'error');
const lineageId = `key_${'1'.repeat(32)}` as KeyId;
const ownerId = `user_${'2'.repeat(32)}` as UserId;
const at = Date.parse('2026-03-30T12:00:00Z');

let books: OpenBooks;
let database: DataSource;
let admin: Client;
let blocks: BlocksRepository;
let rows: UsageRepository;
let ledger: LedgerRepository;
let [teams, steps] = [0, 0];

beforeAll(async () => {
  books = await openBooks();
  ({ database, admin, rows, ledger } = books);
  blocks = new BlocksRepository(database);
});
afterAll(async () => {
  process.stdout.write(`\nmodel of the holds: ${steps} steps\n`);
  await books.close();
});

interface Open {
  wanted: HoldOrder;
  answer: HoldOutcome;
}

/** What can happen to the money of a team. */
class TeamLife {
  readonly #open: Open[] = [];
  readonly #settled: Open[] = [];
  #desk: TeamDesk | undefined;
  #owners = 0;
  #budgets = { day: '0.0000008', member: '0.0000009' };
  /** What words on requests came to that had been collected before: facts are never refused. */
  isLate = false;

  constructor(readonly team: TeamId) {}

  async hold(amount: number, which: number): Promise<HoldOutcome | undefined> {
    const wanted = this.#order(amount, which);
    const desk = await this.#deskNow();
    const answer = desk.take(wanted);
    const told = answer.state === 'waiting' ? await desk.wait(wanted.admission.requestId) : answer;
    if (told?.state === 'held') this.#open.push({ wanted, answer: told });
    return told;
  }

  /** A hold without a database comes of what was drawn before, or nobody knows why it does not come. */
  async databaseDown(amount: number, which: number): Promise<void> {
    await this.#deskNow();
    await admin.query('ALTER ROLE usage_metering NOLOGIN');
    await admin.query("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'usage_metering'");
    try {
      const told = await this.hold(amount, which);
      expect(['held', 'unknown']).toContain(told?.state);
    } finally {
      await admin.query('ALTER ROLE usage_metering LOGIN');
    }
  }

  async settle(amount: number, which: number): Promise<void> {
    const [chosen] = this.#open.splice(which % (this.#open.length || 1), 1);
    if (!chosen) return;
    this.#settled.push(chosen);
    await this.#say(chosen, amount, 'router');
  }

  /** A gateway's word, which a router's may still outrank. */
  async gateway(amount: number, which: number): Promise<void> {
    const chosen = this.#open[which % (this.#open.length || 1)];
    if (chosen) await this.#say(chosen, amount, 'gateway');
  }

  /** A word that comes once more, or after one that outranks it. */
  async again(amount: number, which: number): Promise<void> {
    const chosen = this.#settled[which % (this.#settled.length || 1)];
    if (chosen) await this.#say(chosen, amount, which % 2 === 0 ? 'router' : 'gateway');
  }

  release(_amount: number, which: number): void {
    const [chosen] = this.#open.splice(which % (this.#open.length || 1), 1);
    if (chosen) this.#desk?.release(chosen.wanted.admission.requestId);
  }

  /** Another owner: the former one has given back what was free. */
  async leave(): Promise<void> {
    const returns = this.#desk?.close() ?? [];
    if (returns.length > 0) await blocks.giveBack(this.team, returns);
    await this.#lose();
  }

  /** Another owner: the former one has died, or does not know it yet. */
  async crash(): Promise<void> {
    await this.#lose();
  }

  /** It was late to renew its shards, and nobody took them. */
  async late(): Promise<void> {
    if (!this.#desk) return;
    await admin.query('UPDATE shard_leases SET until = to_timestamp(0)');
    await blocks.keepShards(this.#owner, 600_000);
  }

  tidy(): void {
    this.#desk?.tidy(Date.now() + 700_000, () => false);
  }

  /** What every hold of which must have ended goes back; who speaks later has no hold any more. */
  async expire(): Promise<void> {
    this.isLate ||= this.#open.length > 0;
    await blocks.reap(0, new Date(Date.now() + 60_000));
  }

  edit(amount: number, which: number): void {
    const usd = (amount / 1e9 + 5e-7).toFixed(9);
    this.#budgets = which % 2 === 0 ? { ...this.#budgets, day: usd } : { ...this.#budgets, member: usd };
  }

  topUp(amount: number): Promise<void> {
    return this.#book('top_up', amount);
  }

  refund(amount: number): Promise<void> {
    return this.#book('refund', amount);
  }

  chargeback(amount: number): Promise<void> {
    return this.#book('chargeback', amount);
  }

  async end(): Promise<void> {
    this.#desk?.close();
    await this.#lose();
  }

  async #book(kind: Booking['kind'], amount: number): Promise<void> {
    const booking = { teamId: this.team, kind, amountNanoUsd: BigInt(amount), reason: 'r', actor: 'a' };
    const idempotencyKey = `${kind} ${String(steps)}`;
    await ledger.book({ ...booking, idempotencyKey }).catch((error: unknown) => {
      if (!(error instanceof ServiceError) || error.code !== 'insufficient_balance') throw error;
    });
  }

  /** Rotation: keys of one lineage have different ids, and one budget. */
  #order(amount: number, which: number): HoldOrder {
    const admission = makeAdmission({
      ...{ ...noLimits, requestId: makeRequestId() as RequestId, teamId: this.team, lineageId, ownerId },
      keyId: `key_${String(which % 3).repeat(32)}` as KeyId,
      admittedAtMs: at,
      budgets: { day: this.#budgets.day },
      memberBudget: { limit: this.#budgets.member, isSoft: false },
    });
    return toOrder(admission, { nanoUsd: amount, tokens: 10 }, 'prepaid');
  }

  get #owner(): string {
    return `${this.team}/${String(this.#owners)}`;
  }

  async #deskNow(): Promise<TeamDesk> {
    if (this.#desk) return this.#desk;
    this.#owners += 1;
    const owned = await blocks.keepShards(this.#owner, 600_000);
    const shard = owned.find((one) => one.shard === holdShardOf(this.team))!;
    this.#desk = new TeamDesk({
      ...new DeskDrawer(blocks, new Proofs(config), config, log).toolsFor(this.team, shard),
      refused,
    });
    return this.#desk;
  }

  async #lose(): Promise<void> {
    this.#desk = undefined;
    await admin.query('TRUNCATE shard_keepers');
    await admin.query(`UPDATE shard_leases SET owner = '', until = to_timestamp(0)`);
  }

  async #say({ wanted, answer }: Open, amount: number, witness: 'router' | 'gateway'): Promise<void> {
    const { requestId, keyId } = wanted.admission;
    const read = readReceipt(testKeys, requestId, answer.state === 'held' ? answer.receipt : '');
    const hold = read ? `${String(read.nanoUsd)} ${read.blocks.join('_')}` : null;
    const costNanoUsd = Math.min(amount, Number(wanted.nanoUsd));
    const startedAt = new Date(at).toISOString();
    const word = makeWord({ requestId, teamId: this.team, keyId, costNanoUsd, startedAt }, witness);
    await rows.keep(foldWords([{ ...word, lineageId, ownerId, hold }]));
    if (witness === 'router') this.#desk?.settled(requestId);
    this.#desk?.news();
  }
}

const FAULTS = `
  SELECT 'entries do not sum to zero' AS what FROM ledger_accounts WHERE team_id = $1 HAVING sum(balance_nano_usd) <> 0
  UNION ALL SELECT 'held is not the sum of open blocks: ' || s.kind FROM budget_scopes s WHERE team_id = $1
    AND held_nano_usd <> coalesce((SELECT sum(b.nano_usd) FROM hold_blocks b WHERE (b.team_id, b.kind, b.subject, b.period, b.starts_at)
      = (s.team_id, s.kind, s.subject, s.period, s.starts_at)), 0)
  UNION ALL SELECT 'beyond the cap: ' || kind FROM budget_scopes WHERE team_id = $1
    AND (spent_nano_usd < 0 OR held_nano_usd < 0 OR spent_nano_usd + held_nano_usd > cap_nano_usd + over_nano_usd)`;

/** Over a cap is only what had been spent or held when it was lowered, or was said of what had been collected. */
const OVER = `SELECT kind FROM budget_scopes WHERE team_id = $1 AND spent_nano_usd + held_nano_usd > cap_nano_usd`;

type Happening = Exclude<keyof TeamLife, 'team' | 'isLate' | 'end'>;
/** The usual ones more often. */
const happenings: Happening[] = [
  ...(['hold', 'hold', 'hold', 'hold', 'settle', 'settle', 'settle', 'gateway', 'again', 'release'] as const),
  ...(['leave', 'crash', 'databaseDown', 'late', 'tidy', 'expire', 'edit', 'topUp', 'refund', 'chargeback'] as const),
];

async function requireSound(team: TeamId, mayBeOver: boolean): Promise<void> {
  const { rows: faults } = await admin.query(FAULTS, [team]);
  expect(faults).toEqual([]);
  if (!mayBeOver) expect((await admin.query(OVER, [team])).rows).toEqual([]);
  const lines = await reconcileTeam((text, values) => database.query(text, values), team);
  expect(lines.filter(({ differing }) => differing > 0)).toEqual([]);
}

test('in any order of holds, words, repetitions, owners, budgets and money the books stay sound', async () => {
  const step = fc.record({
    what: fc.constantFrom(...happenings),
    which: fc.nat(20),
    amount: fc.integer({ min: 1, max: 300 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: STEPS, size: 'max' }), async (happens) => {
      const team = `team_life-${String((teams += 1))}` as TeamId;
      await payIn(admin, team, 1_000);
      const life = new TeamLife(team);
      let wasEdited = false;
      for (const { what, which, amount } of happens) {
        steps += 1;
        await life[what](amount, which);
        wasEdited ||= what === 'edit';
        await requireSound(team, wasEdited || life.isLate);
      }
      await life.end();
    }),
    { numRuns: RUNS },
  );
}, 1_800_000);
