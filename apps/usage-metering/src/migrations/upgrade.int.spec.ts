import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { migrate, toDataSourceOptions } from '@orgn/database';
import type { TeamId } from '@orgn/contracts';
import { startPostgres, type TestPostgres } from '@orgn/testing';
import { DataSource } from 'typeorm';
import type { UsageMeteringConfig } from '../config.ts';
import { reconcileTeam } from '../ledger/reconciliation.ts';
import { foldWords } from '../usage/fold-words.ts';
import { makeRequestId, makeWord } from '../usage/make.ts';
import { UsageRowEntity } from '../usage/usage-row.entity.ts';
import { UsageRepository } from '../usage/usage.repository.ts';
import { KeepBooks1796500000000 } from './1796500000000-keep-books.ts';
import { migrations } from './index.ts';

const name = 'usage_metering';
const before = migrations.slice(0, migrations.indexOf(KeepBooks1796500000000));
const teamId = 'team_upgraded' as TeamId;

let postgres: TestPostgres;
let database: DataSource;
let rows: UsageRepository;

beforeAll(async () => {
  postgres = await startPostgres({ schemas: [{ name, migrations: before }] });
  const url = postgres.urlOf(name);
  database = await new DataSource(
    toDataSourceOptions({ url, instance: 'test', entities: [UsageRowEntity] }),
  ).initialize();
  rows = new UsageRepository(database.getRepository(UsageRowEntity), { BILLING: 'prepaid' } as UsageMeteringConfig);
});
afterAll(async () => {
  await database.destroy();
  await postgres.stop();
});

/** As a replica of the release before writes a row: it knows none of the columns that came later. */
const writeAsBefore = (requestId: string, costNanoUsd: number) =>
  database.query(
    `INSERT INTO usage_rows (request_id, team_id, key_id, lineage_id, model, provider, execution, outcome, counted_by, witness, streamed,
       prompt_tokens, completion_tokens, cost_nano_usd, price_version, started_at, duration_ms, rank, recorded_at)
     VALUES ($1, $2, 'key', 'key', 'm', 'near', 'tee', 'completed', 'provider', 'gateway', false, 1, 1, $3, 'v', now(), 1, 1, now())`,
    [requestId, teamId, costNanoUsd],
  );
const upgrade = () =>
  migrate(postgres.adminUrl, [{ name, password: new URL(postgres.urlOf(name)).password, migrations }]);
const balances = async () =>
  Object.fromEntries(
    (
      await database.query<{ account: string; balance: string }[]>(
        'SELECT account, balance_nano_usd AS balance FROM ledger_accounts WHERE team_id = $1 AND balance_nano_usd <> 0',
        [teamId],
      )
    ).map(({ account, balance }) => [account, Number(balance)]),
  );
const differing = async () =>
  (await reconcileTeam((text, values) => database.query(text, values), teamId)).filter((line) => line.differing > 0);

test('rows from before stand outside, those of a replica of the release before are booked, and all books agree', async () => {
  const [old, corrected] = [makeRequestId(), makeRequestId()];
  await writeAsBefore(old, 100);
  await writeAsBefore(corrected, 200);
  await upgrade();
  expect(await differing()).toEqual([]);
  expect(await balances()).toEqual({});

  // A word that was on its way corrects a row from before: nobody was charged for that one, and nobody is.
  await rows.keep(foldWords([makeWord({ teamId, requestId: corrected, costNanoUsd: 250 })]));
  expect(await balances()).toEqual({});

  const left = makeRequestId();
  await writeAsBefore(left, 30);
  expect(await balances()).toEqual({ revenue: 30, waived: -30 });
  // Whoever corrects it charges it the way that it was charged.
  await rows.keep(foldWords([makeWord({ teamId, requestId: left, costNanoUsd: 35 })]));
  await rows.keep(foldWords([makeWord({ teamId, costNanoUsd: 7 })]));
  expect(await balances()).toEqual({ revenue: 42, waived: -35, receivable: -7 });
  expect(await differing()).toEqual([]);
});
