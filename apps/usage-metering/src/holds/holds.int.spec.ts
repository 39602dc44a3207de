import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { holdShardOf, type KeyBudgets, type KeyId, type RequestId, type TeamId, type UserId } from '@orgn/contracts';
import { noLimits, readReceipt, ServiceLog, type Admission } from '@orgn/service-kit';
import { eventually } from '@orgn/testing';
import type { Client } from 'pg';
import type { DataSource } from 'typeorm';
import type { UsageMeteringConfig } from '../config.ts';
import { reconcileTeam } from '../ledger/reconciliation.ts';
import { openBooks, type OpenBooks } from '../ledger/testing/open-books.ts';
import { foldWords } from '../usage/fold-words.ts';
import { makeRequestId, makeWord, testKeys } from '../usage/make.ts';
import type { UsageRepository } from '../usage/usage.repository.ts';
import { BlocksRepository, type OwnedShard } from './blocks.repository.ts';
import { DeskDrawer } from './desk-drawer.ts';
import { toOrder, type HoldOrder, type HoldOutcome } from './hold-order.ts';
import { Proofs } from '../proofs/proofs.ts';
import { SoftBudgets } from './soft-budgets.ts';
import { SoftBudgetsRepository } from './soft-budgets.repository.ts';
import { TeamDesk } from './team-desk.ts';
import { payIn } from './testing/pay-in.ts';

const config = {
  BILLING: 'prepaid',
  HOLD_WAIT_MS: 4_000,
  HOLD_IDLE_MS: 600_000,
  ADMISSION_KEYS: testKeys,
} as UsageMeteringConfig;
const hurried = { ...config, HOLD_WAIT_MS: 200 };
/** What is refused is told of elsewhere. */
const refused = () => undefined;
const log = new ServiceLog('test', 'test-1', 'error');
const lineage = `key_${'1'.repeat(32)}` as KeyId;
const at = Date.parse('2026-03-30T12:00:00Z');

let books: OpenBooks;
let database: DataSource;
let admin: Client;
let blocks: BlocksRepository;
let rows: UsageRepository;
let teams = 0;

beforeAll(async () => {
  books = await openBooks();
  ({ database, admin, rows } = books);
  blocks = new BlocksRepository(database);
});
afterAll(async () => {
  await books.close();
});
beforeEach(freeShards);

async function freeShards(): Promise<void> {
  await admin.query('TRUNCATE shard_keepers');
  await admin.query(`UPDATE shard_leases SET owner = '', until = to_timestamp(0)`);
}

/** A team with so much paid in, in nano-USD. */
async function fund(nanoUsd: number): Promise<TeamId> {
  const team = `team_held-${(teams += 1)}` as TeamId;
  await payIn(admin, team, nanoUsd);
  return team;
}

/** The shard of a team, for an owner that takes all shards. */
async function own(owner: string, team: TeamId, leaseMs = 600_000): Promise<OwnedShard> {
  const shards = await blocks.keepShards(owner, leaseMs);
  const found = shards.find(({ shard }) => shard === holdShardOf(team));
  if (!found) throw new Error('the shard is not to be had');
  return found;
}

const deskOf = (team: TeamId, shard: OwnedShard, settings = config) =>
  new TeamDesk({ ...new DeskDrawer(blocks, new Proofs(settings), settings, log).toolsFor(team, shard), refused });

const member = `user_${'2'.repeat(32)}` as UserId;

function order(team: TeamId, nanoUsd: number, limits: KeyBudgets | Partial<Admission> | null = null): HoldOrder {
  const more = limits && ('ownerId' in limits || 'softBudgets' in limits) ? limits : { budgets: limits as KeyBudgets };
  const admission: Admission = {
    requestId: makeRequestId() as RequestId,
    keyId: lineage,
    teamId: team,
    ownerId: null,
    lineageId: lineage,
    source: 'api',
    admittedAtMs: at,
    executionPolicy: 'any',
    ...noLimits,
    ...more,
  };
  return toOrder(admission, { nanoUsd, tokens: 10 }, 'prepaid');
}

/** What becomes of a hold in the end. */
async function outcome(desk: TeamDesk, wanted: HoldOrder): Promise<HoldOutcome> {
  const answer = desk.take(wanted);
  return answer.state === 'waiting' ? ((await desk.wait(wanted.admission.requestId)) ?? answer) : answer;
}

/** Settles a request at a cost, as the word of a witness does. */
async function settle(
  desk: TeamDesk,
  held: HoldOrder,
  answer: HoldOutcome,
  cost: number,
  by = 'router',
): Promise<void> {
  const witness = by === 'gateway' ? 'gateway' : 'router';
  const { requestId, teamId } = held.admission;
  const receipt = answer.state === 'held' ? answer.receipt : '';
  const read = readReceipt(testKeys, requestId, receipt);
  const hold = read ? `${String(read.nanoUsd)} ${read.blocks.join('_')}` : null;
  const word = makeWord({ requestId, teamId, costNanoUsd: cost, startedAt: new Date(at).toISOString() }, witness);
  await rows.keep(foldWords([{ ...word, lineageId: lineage, ownerId: held.admission.ownerId, hold }]));
  desk.settled(requestId);
  desk.news();
}

interface ScopeRow {
  kind: string;
  cap: string;
  spent: string;
  held: string;
  drawn: string;
}

/** How a team's scopes stand, and what is drawn of each. */
async function scopesOf(team: TeamId): Promise<ScopeRow[]> {
  const { rows: found } = await admin.query<ScopeRow>(
    `SELECT s.kind, s.cap_nano_usd AS cap, s.spent_nano_usd AS spent, s.held_nano_usd AS held,
       coalesce((SELECT sum(b.nano_usd) FROM hold_blocks b WHERE (b.team_id, b.kind, b.subject, b.period, b.starts_at)
         = (s.team_id, s.kind, s.subject, s.period, s.starts_at)), 0)::text AS drawn
     FROM budget_scopes s WHERE team_id = $1 ORDER BY kind`,
    [team],
  );
  return found;
}

async function requireSound(team: TeamId): Promise<void> {
  for (const scope of await scopesOf(team)) {
    expect(scope.held).toBe(scope.drawn);
    expect(BigInt(scope.spent) + BigInt(scope.held)).toBeLessThanOrEqual(BigInt(scope.cap));
  }
  const lines = await reconcileTeam((text, values) => database.query(text, values), team);
  expect(lines.filter(({ differing }) => differing > 0)).toEqual([]);
}

describe('a request that has waited for its turn', () => {
  test('waits for money no longer than is left of its time', async () => {
    const team = await fund(100);
    const patient = { ...config, HOLD_WAIT_MS: 60_000 };
    const desk = deskOf(team, await own('a', team), patient);
    expect((await outcome(desk, order(team, 100))).state).toBe('held');
    const [fresh, late] = [order(team, 100), order(team, 100)];
    expect(desk.take(fresh).state).toBe('waiting');
    const answer = await outcome(desk, { ...late, askedAt: late.askedAt - patient.HOLD_WAIT_MS });
    expect(answer).toMatchObject({ state: 'refused', why: 'busy' });
    expect(desk.waitingHolds).toBe(1);
    desk.close();
  });
});

describe('room for exactly so many requests', () => {
  test.each([
    ['of a balance', 1_000, null],
    ['of a budget of the key', 1_000_000, { total: '0.000001' }],
    ['of the budget of a member', 1_000_000, { ownerId: member, memberBudget: { limit: '0.000001', isSoft: false } }],
    ['of the budget of the team', 1_000_000, { ownerId: null, teamBudget: { limit: '0.000001', isSoft: false } }],
  ])('%s: never more than those are answered, and nothing is left', async (_name, paid, budgets) => {
    const team = await fund(paid);
    const desk = deskOf(team, await own('a', team));
    const states = { held: 0, spent: 0 };
    const call = async (): Promise<void> => {
      const wanted = order(team, 50, budgets);
      const answer = await outcome(desk, wanted);
      if (answer.state === 'refused' && answer.why === 'busy') return call();
      if (answer.state === 'held') await settle(desk, wanted, answer, 50);
      states[answer.state === 'held' ? 'held' : 'spent'] += 1;
    };
    await Promise.all(Array.from({ length: 200 }, call));
    expect(states).toEqual({ held: 20, spent: 180 });
    await requireSound(team);
    const last = await outcome(desk, order(team, 50, budgets));
    expect(last).toMatchObject({ state: 'refused', why: 'spent' });
    await blocks.giveBack(team, desk.close());
    expect(await scopesOf(team)).toEqual((await scopesOf(team)).map((scope) => ({ ...scope, held: '0' })));
  });

  test('with ordinary usage nobody is told that it is spent while a whole hold is free', async () => {
    const team = await fund(1_000);
    const desk = deskOf(team, await own('a', team));
    let spent = 0;
    for (let turn = 0; turn < 60; turn += 1) {
      const wanted = order(team, 100);
      const answer = await outcome(desk, wanted);
      if (answer.state !== 'held') {
        expect(answer).toMatchObject({ why: 'spent', scope: { kind: 'balance', limitNanoUsd: String(1_000 - spent) } });
        expect(1_000 - spent).toBeLessThan(100);
        return;
      }
      await settle(desk, wanted, answer, 30);
      spent += 30;
    }
    throw new Error('more was answered than there was money for');
  });
});

test('a warm hold is given in the turn it is asked for, without a statement', async () => {
  const team = await fund(1_000_000);
  const desk = deskOf(team, await own('a', team));
  const limits = { ownerId: member, budgets: { day: '1' }, memberBudget: { limit: '1', isSoft: false } };
  await outcome(desk, order(team, 10, limits));
  const draws = jest.spyOn(blocks, 'draw');
  const answers = Array.from({ length: 9 }, () => desk.take(order(team, 10, limits)).state);
  expect([new Set(answers), draws.mock.calls.length]).toEqual([new Set(['held']), 0]);
  draws.mockRestore();
});

describe('a hold that does not fit', () => {
  test('waits in turn, and gets what a request before it leaves', async () => {
    const team = await fund(100);
    const desk = deskOf(team, await own('a', team));
    const first = order(team, 80);
    const answer = await outcome(desk, first);
    const waiting = [order(team, 60), order(team, 30)].map((wanted) => outcome(desk, wanted));
    await settle(desk, first, answer, 10);
    expect(await Promise.all(waiting)).toMatchObject([{ state: 'held' }, { state: 'held' }]);
  });

  test('is told after its time that others hold the money, and how it stands', async () => {
    const team = await fund(100);
    const desk = deskOf(team, await own('a', team), hurried);
    await outcome(desk, order(team, 80));
    const late = await outcome(desk, order(team, 60));
    expect(late).toMatchObject({ why: 'busy', scope: { kind: 'balance', heldNanoUsd: '80', roomNanoUsd: '20' } });
  });

  test('is not told that others hold the money while nobody has looked whether they do', async () => {
    const team = await fund(1_000);
    const slow = await own('a', team);
    const tools = new DeskDrawer(blocks, new Proofs(hurried), hurried, log).toolsFor(team, slow);
    const draw: typeof tools.draw = async (...needs) => {
      await new Promise((resolve) => setTimeout(resolve, 3 * hurried.HOLD_WAIT_MS));
      return tools.draw(...needs);
    };
    const desk = new TeamDesk({ ...tools, draw, refused });
    const answer = outcome(desk, order(team, 100));
    for (let turn = 0; turn < 5; turn += 1) {
      await new Promise((resolve) => setTimeout(resolve, hurried.HOLD_WAIT_MS / 2));
      desk.news();
    }
    expect(await answer).toMatchObject({ state: 'held' });
  });

  test('of one key waits for no other key of the team', async () => {
    const team = await fund(1_000);
    const desk = deskOf(team, await own('a', team), hurried);
    const budgets = { day: '0.0000001' };
    await outcome(desk, order(team, 80, budgets));
    const blocked = outcome(desk, order(team, 80, budgets));
    expect(await outcome(desk, order(team, 80))).toMatchObject({ state: 'held' });
    expect(await blocked).toMatchObject({ why: 'busy', scope: { kind: 'lineage', period: 'day' } });
  });

  test('gets what a request gives back that will not run', async () => {
    const team = await fund(100);
    const desk = deskOf(team, await own('a', team));
    const first = order(team, 80);
    await outcome(desk, first);
    const waiting = outcome(desk, order(team, 60));
    desk.release(first.admission.requestId);
    expect(await waiting).toMatchObject({ state: 'held' });
    await requireSound(team);
  });

  test('gets what a raised budget allows, and a lowered one allows no more at once', async () => {
    const team = await fund(100_000);
    const desk = deskOf(team, await own('a', team), hurried);
    const ask = (total: string) => outcome(desk, order(team, 80, { total }));
    expect(await ask('0.0000001')).toMatchObject({ state: 'held' });
    expect(await ask('0.0000002')).toMatchObject({ state: 'held' });
    expect(await ask('0.0000001')).toMatchObject({ state: 'refused' });
  });
});

describe('a budget that only warns', () => {
  let soft: SoftBudgets;
  beforeEach(() => {
    soft = new SoftBudgets(new SoftBudgetsRepository(database), log);
  });
  const warned = async (wanted: HoldOrder) => {
    soft.usedUp(wanted);
    return eventually(() => {
      const warnings = soft.usedUp(wanted);
      expect(warnings.length).toBeGreaterThan(0);
      return warnings;
    });
  };

  test('refuses nothing, and is told of once it is used up', async () => {
    const team = await fund(1_000_000);
    const desk = deskOf(team, await own('a', team));
    const limits = { softBudgets: ['day' as const], budgets: { day: '0.0000001' } };
    for (let turn = 0; turn < 3; turn += 1) {
      const wanted = order(team, 80, limits);
      const answer = await outcome(desk, wanted);
      expect(answer).toMatchObject({ state: 'held' });
      await settle(desk, wanted, answer, 50);
    }
    const [warning] = await warned(order(team, 80, limits));
    expect(warning).toMatchObject({ kind: 'lineage', period: 'day', limitNanoUsd: '100', spentNanoUsd: '150' });
    await requireSoundFacts(team);
    const hard = await outcome(deskOf(team, await own('a', team)), order(team, 80, { day: '0.0000001' }));
    expect(hard).toMatchObject({ state: 'refused', why: 'spent', scope: { spentNanoUsd: '150' } });
    expect(await softOf(team)).toEqual([false]);
  });
});

const softOf = async (team: TeamId) =>
  (
    await admin.query<{ is_soft: boolean }>(
      `SELECT is_soft FROM budget_scopes WHERE team_id = $1 AND kind = 'lineage'`,
      [team],
    )
  ).rows.map(({ is_soft: isSoft }) => isSoft);

describe('an owner that has lost its shard', () => {
  test('draws nothing any more, and what it drew is nobody else’s until its holds must have ended', async () => {
    const team = await fund(1_000);
    const old = deskOf(team, await own('a', team, 1_500));
    const held = order(team, 100);
    const answer = await outcome(old, held);
    await new Promise((resolve) => setTimeout(resolve, 1_700));
    await admin.query('TRUNCATE shard_keepers');
    const next = deskOf(team, await own('b', team), hurried);
    const drawnBefore = (await scopesOf(team))[0]?.held;
    expect(await outcome(old, order(team, 900))).toMatchObject({ state: 'not_owner' });
    expect(await outcome(next, order(team, 900))).toMatchObject({ state: 'refused', why: 'busy' });
    // Its request speaks all the same, and frees what was held for it.
    await settle(next, held, answer, 40);
    await requireSound(team);
    const soon = new Date(Date.now() + 3_600_000);
    const reaped = async (lifeMs: number, until: Date) =>
      (await blocks.reap(lifeMs, until)).flatMap((each) => (each.team === team ? [each.nanoUsd] : []));
    expect(await reaped(3_600_000, soon)).toEqual([]);
    expect(await reaped(1, new Date(0))).toEqual([]);
    expect(await reaped(1, soon)).toEqual([String(Number(drawnBefore) - 100)]);
    expect(await outcome(next, order(team, 900))).toMatchObject({ state: 'held' });
    await requireSound(team);
  });

  test('to nobody, because it was late to renew it, goes on with what it drew', async () => {
    const team = await fund(1_000);
    const desk = deskOf(team, await own('a', team));
    const held = order(team, 100);
    const answer = await outcome(desk, held);
    const { shard, epoch } = await own('a', team);
    await admin.query('UPDATE shard_leases SET until = to_timestamp(0)');
    expect(await own('a', team)).toMatchObject({ shard, epoch });
    expect(await outcome(desk, order(team, 900))).toMatchObject({ state: 'held' });
    await settle(desk, held, answer, 40);
    await requireSound(team);
    await blocks.leaveShards('a', [shard]);
    expect((await own('a', team)).epoch).not.toBe(epoch);
  });

  test('shares shards with another one, and gets back what nobody has', async () => {
    expect(await blocks.keepShards('a', 600_000)).toHaveLength(64);
    expect(await blocks.keepShards('b', 600_000)).toEqual([]);
    const [first] = await blocks.keepShards('a', 600_000);
    expect(first?.share).toBe(32);
    await blocks.leaveShards(
      'a',
      Array.from({ length: 32 }, (_, shard) => shard),
    );
    expect(await blocks.keepShards('b', 600_000)).toHaveLength(32);
    expect(await blocks.keepShards('a', 600_000)).toHaveLength(32);
  });
});

describe('what was held for a request', () => {
  test('is freed by the router’s word whole, by a gateway’s as far as that charges', async () => {
    const team = await fund(1_000);
    const desk = deskOf(team, await own('a', team));
    const held = order(team, 100);
    const answer = await outcome(desk, held);
    const drawn = Number((await scopesOf(team))[0]?.held);
    await settle(desk, held, answer, 30, 'gateway');
    expect(await scopesOf(team)).toMatchObject([{ cap: '970', held: String(drawn - 30) }]);
    await settle(desk, held, answer, 90);
    expect(await scopesOf(team)).toMatchObject([{ cap: '910', held: String(drawn - 100) }]);
    await settle(desk, held, answer, 90);
    await settle(desk, held, answer, 30, 'gateway');
    expect(await scopesOf(team)).toMatchObject([{ cap: '910', held: String(drawn - 100) }]);
    await requireSound(team);
  });
});

/** As `requireSound`, but a word on what was collected before it came may go beyond a budget: facts are never refused. */
async function requireSoundFacts(team: TeamId): Promise<void> {
  for (const scope of await scopesOf(team)) expect(scope.held).toBe(scope.drawn);
  const lines = await reconcileTeam((text, values) => database.query(text, values), team);
  expect(lines.filter(({ differing }) => differing > 0)).toEqual([]);
}
