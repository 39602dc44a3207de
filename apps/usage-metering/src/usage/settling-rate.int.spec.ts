import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { toDataSourceOptions } from '@orgn/database';
import type { KeyId, TeamId } from '@orgn/contracts';
import { startPostgres, type TestPostgres } from '@orgn/testing';
import { DataSource } from 'typeorm';
import type { UsageMeteringConfig } from '../config.ts';
import { migrations } from '../migrations/index.ts';
import { foldWords } from './fold-words.ts';
import { makeWord } from './make.ts';
import { UsageRowEntity } from './usage-row.entity.ts';
import { UsageRepository } from './usage.repository.ts';

const BATCH = 2_000;
const BATCHES = process.env.TEST_LONG === '1' ? 60 : 2;

let postgres: TestPostgres;
let database: DataSource;
let rows: UsageRepository;

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

const key = (index: number) => `key_${String(index).padStart(32, '0')}` as KeyId;
const shapes = [
  { what: 'one team with one key', team: () => 0, key: () => 0 },
  { what: '50 teams with 1,000 keys', team: (at: number) => at % 50, key: (at: number) => at % 1_000 },
];

test.each(shapes)(
  'words of $what are booked in batches, each once',
  async ({ what, team, key: keyOf }) => {
    const batches = Array.from({ length: BATCHES }, () =>
      Array.from({ length: BATCH }, (_, at) =>
        makeWord({ teamId: `team_rate-${what.length}-${team(at)}` as TeamId, keyId: key(keyOf(at)) }),
      ),
    );
    const startedAt = performance.now();
    for (const batch of batches) await rows.keep(foldWords(batch));
    const seconds = (performance.now() - startedAt) / 1_000;
    const words = BATCH * BATCHES;
    const [{ entries }] = await database.query<[{ entries: string }]>(
      'SELECT count(*) AS entries FROM ledger_transfers WHERE team_id LIKE $1',
      [`team_rate-${what.length}-%`],
    );
    expect(Number(entries)).toBe(words);
    process.stdout.write(
      `\nsettling: ${words} words of ${what} in batches of ${BATCH}: ${(words / seconds).toFixed(0)} words/s\n`,
    );
  },
  120_000,
);
