import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { toDataSourceOptions } from '@orgn/database';
import { usageRank, type RequestId, type TeamId, type UsageRow } from '@orgn/contracts';
import { startPostgres, type TestPostgres } from '@orgn/testing';
import fc from 'fast-check';
import { DataSource } from 'typeorm';
import type { UsageMeteringConfig } from '../config.ts';
import { migrations } from '../migrations/index.ts';
import { foldWords } from './fold-words.ts';
import { toArrayText } from './array-text.ts';
import { makeRequestId, makeWord } from './make.ts';
import { UsageRowEntity } from './usage-row.entity.ts';
import type { UsageWord } from './usage-word.ts';
import { UsageRepository } from './usage.repository.ts';
import { toStorableText } from './usage.sql.ts';

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
  repository = new UsageRepository(database.getRepository(UsageRowEntity), { BILLING: 'off' } as UsageMeteringConfig);
});

afterAll(async () => {
  await database.destroy();
  await postgres.stop();
});

const newTeam = () => `team_test-${++teams}` as TeamId;
const rowsOf = (teamId: TeamId) => repository.findByTeam(teamId, null, 1_000);
const toWord = ({ recordedAt: _, secondOf: _second, ...word }: UsageRow): UsageWord => word;

/** What witnesses may say of one request: at most one word of each rank of each of two routers, in every combination. */
const wordsOfRouter = fc.record({
  outcome: fc.option(fc.constantFrom('completed', 'cancelled', 'failed')),
  isWithheld: fc.boolean(),
});
const wordsOfRequest = fc
  .record({
    gateway: fc.option(fc.constantFrom('completed', 'cancelled', 'failed')),
    routers: fc.array(wordsOfRouter, { maxLength: 2 }),
    tokens: fc.array(fc.nat(1_000_000), { minLength: 5, maxLength: 5 }),
  })
  .map(({ gateway, routers, tokens }) => (teamId: TeamId): UsageWord[] => {
    const usage = { requestId: makeRequestId(), teamId, startedAt: new Date().toISOString() };
    const word = (instance: string, outcome: UsageWord['outcome'], promptTokens = 0): UsageWord => {
      const witness = instance.startsWith('gateway') ? 'gateway' : 'router';
      return { ...makeWord({ ...usage, outcome, promptTokens }, witness), instance };
    };
    const said = routers.flatMap(({ outcome, isWithheld }, index) => [
      ...(outcome ? [word(`router-${index}`, outcome, tokens[index])] : []),
      ...(isWithheld ? [word(`router-${index}`, 'withheld', tokens[index + 2])] : []),
    ]);
    return [...(gateway ? [word('gateway-1', gateway, tokens[4])] : []), ...said];
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

/** The whole rule, in memory: each router's highest word stands, and a gateway's where no router spoke. */
function expectedOf(words: readonly UsageWord[]): unknown[] {
  const ids = [...new Set(words.map((word) => word.requestId))];
  return ids.flatMap((id) => {
    const said = words.filter((word) => word.requestId === id).sort((a, b) => usageRank(b) - usageRank(a));
    const routers = [...new Set(said.filter(({ witness }) => witness === 'router').map(({ instance }) => instance))];
    if (routers.length === 0) return said.slice(0, 1).map((word) => ({ ...word, isFirst: true }));
    const best = routers.map((router) => said.find(({ instance }) => instance === router));
    // Which of two has the row of the id depends on who came first, and nothing else does.
    return best.map((word) => ({ ...word, isFirst: best.length === 1 ? true : expect.any(Boolean) }));
  });
}

/** Rows as the rule speaks of them; lists of rows have no receipts of holds, and neither have these words. */
function storedOf(rows: readonly UsageRow[]): unknown[] {
  const ids = rows.map(({ requestId, secondOf }) => secondOf ?? requestId);
  const firsts = rows.filter(({ secondOf }) => secondOf === null).map(({ requestId }) => requestId);
  expect(new Set(firsts)).toEqual(new Set(ids));
  expect(firsts).toHaveLength(new Set(ids).size);
  return rows.map((row, index) => ({
    ...toWord(row),
    requestId: ids[index],
    isFirst: row.secondOf === null,
    hold: null,
  }));
}

const expectSame = (rows: readonly UsageRow[], words: readonly UsageWord[]) => {
  const [stored, expected] = [storedOf(rows), expectedOf(words)];
  expect(stored).toHaveLength(expected.length);
  expect(stored).toEqual(expect.arrayContaining(expected));
};

/** Requests that two routers ran, neither of which withheld its answer. */
const doubledIn = (words: readonly UsageWord[]) => {
  const ids = [...new Set(words.map(({ requestId }) => requestId))];
  return ids.filter((id) => {
    const said = words.filter(({ requestId, witness }) => requestId === id && witness === 'router');
    return said.every(({ outcome }) => outcome !== 'withheld') && new Set(said.map((word) => word.instance)).size > 1;
  });
};

describe('settling', () => {
  test('ends in the same rows for any order, repetition and split of the same words', async () => {
    const property = fc.asyncProperty(deliveries, async ({ teamId, words, batches }) => {
      const told: UsageRow[] = [];
      const alarms: UsageRow[] = [];
      for (const batch of batches) {
        const { changed, doubled } = await repository.keep(foldWords(batch));
        told.push(...changed);
        alarms.push(...doubled);
      }
      const rows = await rowsOf(teamId);
      expectSame(rows, words);
      expect(alarms.map(({ secondOf }) => secondOf)).toEqual(expect.arrayContaining(doubledIn(words)));
      expect(new Set(alarms.map(({ secondOf }) => secondOf)).size).toBe(alarms.length);
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
      expectSame(await rowsOf(teamId), words);
    });
    await fc.assert(property, { numRuns: 50 });
  });

  test('takes a batch of any size in one statement', async () => {
    const teamId = newTeam();
    const words = Array.from({ length: 10_000 }, () => makeWord({ teamId }));
    expect((await repository.keep(foldWords(words))).changed).toHaveLength(10_000);
    expect((await repository.sumByTeam(teamId, '1970-01-01T00:00:00Z')).requests).toBe(10_000);
  });

  test('keeps text that Postgres would refuse, instead of holding up all usage behind it', async () => {
    const teamId = newTeam();
    const odd = { teamId, model: 'nul \0 and half \ud83d', provider: '{"a",NULL}', startedAt: '0000-01-01T00:00:00Z' };
    await repository.keep([makeWord(odd)]);
    const [row] = await rowsOf(teamId);
    expect(row).toMatchObject({ model: 'nul \uFFFD and half \uFFFD', provider: '{"a",NULL}' });
  });

  test('tells what it has written as it is read', async () => {
    const teamId = newTeam();
    const requestId = makeRequestId();
    const counts = { cachedTokens: 1, cacheWriteTokens: 2, reasoningTokens: 0, images: 3, audioSeconds: 4 };
    const claims = { source: 'provider_asserted' as const, provider: 'a "b" {c} \\', attempted: ['d', 'e,f'] };
    const odd = { teamId, model: 'nul \0 and half \ud83d', provider: '{"a",NULL}', searchUnits: 5, requests: 6 };
    const word = makeWord({ ...odd, ...counts, receiptDue: true, startedAt: '2026-05-05T05:05:05Z' });
    const said = { ...word, claims, requestId: requestId.toUpperCase() as RequestId, source: 'playground' as const };
    const { changed } = await repository.keep([said, makeWord({ teamId })]);
    expect(changed.sort((a, b) => (a.requestId < b.requestId ? -1 : 1))).toEqual(await rowsOf(teamId));
    expect(changed.find((row) => row.requestId === requestId)).toMatchObject({ ...counts, claims, receiptDue: true });
  });

  test('hands Postgres every column as it is', async () => {
    const texts = fc.array(fc.option(fc.string({ unit: 'binary', maxLength: 30 }).map(toStorableText)), {
      maxLength: 20,
    });
    const years = {
      min: new Date('-000300-01-01T00:00:00Z'),
      max: new Date('+012000-01-01T00:00:00Z'),
      noInvalidDate: true,
    };
    const dates = fc.array(fc.option(fc.date(years)), { maxLength: 20 });
    const property = fc.asyncProperty(texts, dates, async (some, times) => {
      const [row] = await database.query<[{ some: unknown; times: unknown }]>(
        'SELECT $1::text[] AS some, (SELECT array_agg(extract(epoch FROM t) * 1000) FROM unnest($2::timestamptz[]) AS t)::float8[] AS times',
        [toArrayText('text', some), toArrayText('timestamptz', times)],
      );
      expect(row.some).toEqual(some);
      expect(row.times ?? []).toEqual(times.map((time) => time?.getTime() ?? null));
    });
    await fc.assert(property, { numRuns: 200 });
  });

  test('keeps the largest numbers exactly and refuses to show a total that JSON would round', async () => {
    const teamId = newTeam();
    const most = Number.MAX_SAFE_INTEGER;
    await repository.keep([makeWord({ teamId, costNanoUsd: most, durationMs: most })]);
    expect((await rowsOf(teamId))[0]).toMatchObject({ costNanoUsd: most, durationMs: most });
    await repository.keep([makeWord({ teamId })]);
    await expect(repository.sumByTeam(teamId, '1970-01-01T00:00:00Z')).rejects.toMatchObject({ code: 'internal' });
  });
});

describe('reading', () => {
  test("shows a team's rows only, oldest request first, from behind a cursor", async () => {
    const [mine, other] = [newTeam(), newTeam()];
    const times = [5, 1, 4, 2, 3].map((minute) => Date.now() - minute * 60_000);
    const mineAt = (ms: number) => makeWord({ teamId: mine, requestId: makeRequestId(ms) });
    const words = foldWords(times.map(mineAt));
    await repository.keep([...words, makeWord({ teamId: other })]);
    const ids = words.map((word) => word.requestId).sort();
    expect((await rowsOf(mine)).map((row) => row.requestId)).toEqual(ids);
    const rest = await repository.findByTeam(mine, ids[1] as RequestId, 2);
    expect(rest.map((row) => row.requestId)).toEqual(ids.slice(2, 4));
  });
});
