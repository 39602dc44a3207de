import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { schemaDrift, startPostgres, type TestPostgres } from '@orgn/testing';
import { DataSource } from 'typeorm';
import { IdempotencyKeyEntity } from '../idempotency/idempotency-key.entity.ts';
import { IdempotencySecretEntity } from '../idempotency/idempotency-secret.entity.ts';
import { QuarantinedWordEntity } from '../quarantine/quarantined-word.entity.ts';
import { UsageRowEntity } from '../usage/usage-row.entity.ts';
import { ListedPriceEntity } from '../prices/listed-price.entity.ts';
import { migrations } from './index.ts';

const schema = 'usage_metering';
const entities = [
  UsageRowEntity,
  QuarantinedWordEntity,
  ListedPriceEntity,
  IdempotencyKeyEntity,
  IdempotencySecretEntity,
];

let postgres: TestPostgres;
let admin: DataSource;

beforeAll(async () => {
  postgres = await startPostgres({ schemas: [{ name: schema, migrations }] });
  const extra = { options: `-c search_path=${schema}` };
  admin = await new DataSource({ type: 'postgres', url: postgres.adminUrl, schema, migrations, extra }).initialize();
});

afterAll(async () => {
  await admin.destroy();
  await postgres.stop();
});

test('the tables are what the entities say', async () => {
  expect(await schemaDrift(postgres.urlOf(schema), entities)).toEqual([]);
});

test('undone migrations leave nothing behind and can run again', async () => {
  for (let left = migrations.length; left > 0; left -= 1) await admin.undoLastMigration();
  const remains = `
    SELECT tablename AS name FROM pg_tables WHERE schemaname = '${schema}' AND tablename <> 'migrations'
    UNION SELECT proname FROM pg_proc WHERE pronamespace = '${schema}'::regnamespace`;
  expect(await admin.query(remains)).toEqual([]);
  await admin.runMigrations();
  expect(await schemaDrift(postgres.urlOf(schema), entities)).toEqual([]);
});
