import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { toDataSourceOptions } from '@orgn/database';
import type { KeyId, RequestId, TeamId, UserId } from '@orgn/contracts';
import { startPostgres, type TestPostgres } from '@orgn/testing';
import fc from 'fast-check';
import { DataSource } from 'typeorm';
import type { UsageMeteringConfig } from '../config.ts';
import { migrations } from '../migrations/index.ts';
import { foldWords } from '../usage/fold-words.ts';
import { makeRequestId, makeWord } from '../usage/make.ts';
import { UsageRowEntity } from '../usage/usage-row.entity.ts';
import type { UsageWord } from '../usage/usage-word.ts';
import { UsageRepository } from '../usage/usage.repository.ts';

let postgres: TestPostgres;
let database: DataSource;
let rows: UsageRepository;
let teams = 0;

beforeAll(async () => {
  postgres = await startPostgres({ schemas: [{ name: 'usage_metering', migrations }] });
  const url = postgres.urlOf('usage_metering');
  database = await new DataSource(
    toDataSourceOptions({ url, instance: 'test', entities: [UsageRowEntity] }),
  ).initialize();
  rows = new UsageRepository(database.getRepository(UsageRowEntity), { BILLING: 'prepaid' } as UsageMeteringConfig);
});
afterAll(async () => {
  await database.destroy();
  await postgres.stop();
});

const key = (digit: number) => `key_${String(digit).repeat(32)}` as KeyId;
const user = `user_${'a'.repeat(32)}` as UserId;
/** Around a change of hour and of day, and one of summer time that UTC does not have. */
const moments = ['2026-03-29T00:59:59.999Z', '2026-03-29T01:00:00Z', '2026-10-24T23:59:59Z', '2026-10-25T00:00:00Z'];

/** What any witness may say of a few requests, in any order and as often as it likes. */
const said = fc.record({
  request: fc.nat(3),
  witness: fc.constantFrom('router' as const, 'gateway' as const),
  instance: fc.nat(1),
  outcome: fc.constantFrom('completed' as const, 'cancelled' as const, 'failed' as const, 'withheld' as const),
  startedAt: fc.constantFrom(...moments),
  model: fc.constantFrom('near_a', 'vercel_b'),
  keyId: fc.constantFrom(key(1), key(2)),
  ownerId: fc.constantFrom(user, null),
  hasLineage: fc.boolean(),
  source: fc.constantFrom('api' as const, 'playground' as const),
  promptTokens: fc.nat(1_000_000),
  costNanoUsd: fc.nat(1_000_000_000),
});

const COLUMNS = 'requests, failed, cancelled, withheld, prompt_tokens, completion_tokens, cost_nano_usd';
const FROM_ROWS = (unit: string) => `
  SELECT date_trunc('${unit}', started_at, 'UTC') AS at, model,
    CASE WHEN source = 'playground' THEN 'playground' ELSE key_id END AS key,
    CASE WHEN owner_id IS NOT NULL THEN owner_id WHEN lineage_id IS NULL THEN 'unrecorded' ELSE 'operator' END AS member,
    execution, count(*) AS requests, count(*) FILTER (WHERE outcome = 'failed') AS failed,
    count(*) FILTER (WHERE outcome = 'cancelled') AS cancelled, count(*) FILTER (WHERE outcome = 'withheld') AS withheld,
    sum(prompt_tokens)::bigint AS prompt_tokens, sum(completion_tokens)::bigint AS completion_tokens,
    sum(CASE WHEN outcome = 'withheld' THEN 0 ELSE cost_nano_usd END)::bigint AS cost_nano_usd
  FROM usage_rows WHERE team_id = $1 GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5`;
const KEPT = (table: string) => `
  SELECT at, model, key, member, execution, ${COLUMNS} FROM ${table}
  WHERE team_id = $1 AND requests <> 0 ORDER BY at, model, key, member, execution`;
/** Sums of which nothing is left must be nothing in every part. */
const GHOSTS = (table: string) => `
  SELECT * FROM ${table} WHERE team_id = $1 AND requests = 0 AND (failed, cancelled, withheld, prompt_tokens,
    completion_tokens, cost_nano_usd) IS DISTINCT FROM (0, 0, 0, 0, 0, 0)`;

/** The sums by one thing at a time, from those by all of them. */
const PARTS_OF = (table: string) => `
  SELECT part, at, name, execution, ${COLUMNS.split(', ')
    .map((column) => `sum(${column})::bigint AS ${column}`)
    .join(', ')}
  FROM ${table} CROSS JOIN LATERAL (VALUES ('model', model), ('key', key), ('member', member), ('execution', execution)) AS p (part, name)
  WHERE team_id = $1 GROUP BY 1, 2, 3, 4 HAVING sum(requests) <> 0 ORDER BY 1, 2, 3, 4`;
const KEPT_PARTS = (table: string) => `
  SELECT part, at, name, execution, ${COLUMNS} FROM ${table}
  WHERE team_id = $1 AND requests <> 0 ORDER BY part, at, name, execution`;

async function expectSumsOfRows(teamId: TeamId): Promise<void> {
  for (const [table, unit, parts] of [
    ['usage_hours', 'hour', 'usage_hour_parts'],
    ['usage_days', 'day', 'usage_day_parts'],
  ] as const) {
    expect(await database.query(KEPT(table), [teamId])).toEqual(await database.query(FROM_ROWS(unit), [teamId]));
    expect(await database.query(KEPT_PARTS(parts), [teamId])).toEqual(await database.query(PARTS_OF(table), [teamId]));
    for (const kept of [table, parts]) expect(await database.query(GHOSTS(kept), [teamId])).toEqual([]);
  }
}

describe('the sums by hour and by day', () => {
  test('are those of the rows, after every batch of words in any order, repeated and replaced as they may be', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(said, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 6 }),
        async (batches) => {
          const teamId = `team_rolled-${(teams += 1)}` as TeamId;
          const ids = Array.from({ length: 4 }, () => makeRequestId() as RequestId);
          for (const batch of batches) {
            const words = batch.map(({ request, instance, ownerId, hasLineage, source, ...usage }): UsageWord => {
              const word = makeWord({ ...usage, teamId, requestId: ids[request]! }, usage.witness);
              const lineageId = hasLineage || ownerId !== null ? word.keyId : null;
              return { ...word, instance: `${usage.witness}-${instance}`, ownerId, lineageId, source };
            });
            await rows.keep(foldWords(words));
            await expectSumsOfRows(teamId);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test('are those of the rows when several replicas settle the same words at once', async () => {
    const teamId = `team_rolled-${(teams += 1)}` as TeamId;
    const ids = Array.from({ length: 40 }, () => makeRequestId() as RequestId);
    const words = (witness: 'router' | 'gateway') =>
      ids.map((requestId, at) =>
        makeWord({ teamId, requestId, promptTokens: at, startedAt: moments[at % 4]! }, witness),
      );
    const settle = (witness: 'router' | 'gateway') => rows.keep(foldWords(words(witness)));
    await Promise.all([settle('gateway'), settle('router'), settle('gateway'), settle('router'), settle('router')]);
    await expectSumsOfRows(teamId);
  });

  test('follow whoever changes or deletes rows by hand', async () => {
    const teamId = `team_rolled-${(teams += 1)}` as TeamId;
    await rows.keep(foldWords([makeWord({ teamId }), makeWord({ teamId })]));
    await database.query('UPDATE usage_rows SET cost_nano_usd = 1 WHERE team_id = $1', [teamId]);
    await expectSumsOfRows(teamId);
    await database.query('DELETE FROM usage_rows WHERE team_id = $1', [teamId]);
    await expectSumsOfRows(teamId);
  });
});
