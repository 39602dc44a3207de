import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { toDataSourceOptions } from '@orgn/database';
import { usageRank, type RequestId, type TeamId, type UsageRow } from '@orgn/contracts';
import { startPostgres, type TestPostgres } from '@orgn/testing';
import fc from 'fast-check';
import { DataSource } from 'typeorm';
import { migrations } from '../migrations/index.ts';
import { foldWords, type UsageWord } from './fold-words.ts';
import { makeRequestId, makeUsage } from './make.ts';
import { UsageRowEntity } from './usage-row.entity.ts';
import { UsageRepository } from './usage.repository.ts';

let postgres: TestPostgres;
let database: DataSource;
let repository: UsageRepository;
let teams = 0;

beforeAll(async () => {
  postgres = await startPostgres({ schemas: [{ name: 'usage_metering', migrations }] });
  const url = postgres.urlOf('usage_metering');
  database = await new DataSource(
    toDataSourceOptions({ url, instance: 'test', entities: [UsageRowEntity] }),
  ).initialize();
  repository = new UsageRepository(database.getRepository(UsageRowEntity));
});

afterAll(async () => {
  await database.destroy();
  await postgres.stop();
});

const newTeam = () => `team_test-${++teams}` as TeamId;
const rowsOf = (teamId: TeamId) => repository.findByTeam(teamId, null, 1_000);
const toWord = ({ recordedAt: _, ...word }: UsageRow): UsageWord => word;

/** What witnesses may say of one request: at most one word of each rank, in every combination. */
const wordsOfRequest = fc
  .record({
    gateway: fc.option(fc.constantFrom('completed', 'cancelled', 'failed')),
    router: fc.option(fc.constantFrom('completed', 'cancelled', 'failed')),
    isWithheld: fc.boolean(),
    tokens: fc.array(fc.nat(1_000_000), { minLength: 3, maxLength: 3 }),
  })
  .map(({ gateway, router, isWithheld, tokens }) => (teamId: TeamId): UsageWord[] => {
    const requestId = makeRequestId();
    const [few, some, more] = tokens as [number, number, number];
    const word = (witness: UsageWord['witness'], outcome: UsageWord['outcome'], promptTokens: number): UsageWord => ({
      ...makeUsage({ requestId, teamId, outcome, promptTokens }),
      witness,
    });
    return [
      ...(gateway ? [word('gateway', gateway, few)] : []),
      ...(router ? [word('router', router, some)] : []),
      ...(isWithheld ? [word('router', 'withheld', more)] : []),
    ];
  });

/** Words about some requests, each delivered one to three times, shuffled and cut into batches. */
const deliveries = fc
  .array(wordsOfRequest, { minLength: 1, maxLength: 6 })
  .map((requests) => {
    const teamId = newTeam();
    return { teamId, words: requests.flatMap((wordsFor) => wordsFor(teamId)) };
  })
  .chain(({ teamId, words }) =>
    fc.record({
      teamId: fc.constant(teamId),
      words: fc.constant(words),
      shuffled: fc.shuffledSubarray([...words, ...words, ...words], { minLength: words.length }).map((some) => {
        // Whatever was left out is delivered last: each word arrives at least once.
        return [...some, ...words.filter((word) => !some.includes(word))];
      }),
      sizes: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 8 }),
    }),
  )
  .map(({ shuffled, sizes, ...rest }) => ({ ...rest, batches: cut(shuffled, sizes) }));

function cut(words: readonly UsageWord[], sizes: readonly number[]): UsageWord[][] {
  const batches: UsageWord[][] = [];
  for (let from = 0, turn = 0; from < words.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    batches.push(words.slice(from, from + size));
    from += size;
  }
  return batches;
}

/** The whole rule, in memory: of all words on a request the one of the highest rank stands. */
function expectedOf(words: readonly UsageWord[]): UsageWord[] {
  const ids = [...new Set(words.map((word) => word.requestId))].sort();
  return ids.map((id) => {
    const said = words.filter((word) => word.requestId === id).sort((a, b) => usageRank(b) - usageRank(a));
    return said[0] as UsageWord;
  });
}

describe('settling', () => {
  test('ends in the same rows for any order, repetition and split of the same words', async () => {
    const property = fc.asyncProperty(deliveries, async ({ teamId, words, batches }) => {
      const told: UsageRow[] = [];
      for (const batch of batches) told.push(...(await repository.keep(foldWords(batch))));
      const rows = await rowsOf(teamId);
      expect(rows.map(toWord)).toEqual(expectedOf(words));
      // Who only listens to the changes ends with the same rows, and no change is told twice.
      const last = new Map(told.map((row) => [row.requestId, row]));
      expect([...last.values()].sort((a, b) => (a.requestId < b.requestId ? -1 : 1))).toEqual(rows);
      expect(new Set(told.map((row) => `${row.requestId} ${usageRank(row)}`)).size).toBe(told.length);
    });
    await fc.assert(property, { numRuns: 150 });
  });

  test('ends in the same rows when replicas settle overlapping batches at once, without a dead-lock', async () => {
    const property = fc.asyncProperty(deliveries, async ({ teamId, words, batches }) => {
      await Promise.all(batches.map((batch) => repository.keep(foldWords(batch))));
      expect((await rowsOf(teamId)).map(toWord)).toEqual(expectedOf(words));
    });
    await fc.assert(property, { numRuns: 50 });
  });

  test('takes a batch of any size in one statement', async () => {
    const teamId = newTeam();
    const words = Array.from({ length: 10_000 }, () => ({ ...makeUsage({ teamId }), witness: 'router' as const }));
    expect(await repository.keep(foldWords(words))).toHaveLength(10_000);
    expect((await repository.sumByTeam(teamId, '00000000-0000-0000-0000-000000000000')).requests).toBe(10_000);
  });

  test('keeps text that Postgres would refuse, instead of holding up all usage behind it', async () => {
    const teamId = newTeam();
    const odd = { teamId, model: 'nul \0 and half \ud83d', provider: '{"a",NULL}', startedAt: '0000-01-01T00:00:00Z' };
    await repository.keep([{ ...makeUsage(odd), witness: 'router' }]);
    const [row] = await rowsOf(teamId);
    expect(row).toMatchObject({ model: 'nul \uFFFD and half \uFFFD', provider: '{"a",NULL}' });
  });

  test('keeps the largest numbers exactly and refuses to show a total that JSON would round', async () => {
    const teamId = newTeam();
    const most = Number.MAX_SAFE_INTEGER;
    await repository.keep([{ ...makeUsage({ teamId, costNanoUsd: most, durationMs: most }), witness: 'router' }]);
    expect((await rowsOf(teamId))[0]).toMatchObject({ costNanoUsd: most, durationMs: most });
    await repository.keep([{ ...makeUsage({ teamId }), witness: 'router' }]);
    const firstId = '00000000-0000-0000-0000-000000000000';
    await expect(repository.sumByTeam(teamId, firstId)).rejects.toMatchObject({ code: 'internal' });
  });
});

describe('reading', () => {
  test("shows a team's rows only, oldest request first, from behind a cursor", async () => {
    const [mine, other] = [newTeam(), newTeam()];
    const times = [5, 1, 4, 2, 3].map((minute) => Date.now() - minute * 60_000);
    const mineAt = (ms: number) => ({
      ...makeUsage({ teamId: mine, requestId: makeRequestId(ms) }),
      witness: 'router' as const,
    });
    const words = foldWords(times.map(mineAt));
    await repository.keep([...words, { ...makeUsage({ teamId: other }), witness: 'router' }]);
    const ids = words.map((word) => word.requestId).sort();
    expect((await rowsOf(mine)).map((row) => row.requestId)).toEqual(ids);
    const rest = await repository.findByTeam(mine, ids[1] as RequestId, 2);
    expect(rest.map((row) => row.requestId)).toEqual(ids.slice(2, 4));
  });
});
