import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startPostgres, type TestPostgres } from '@orgn/testing';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { runPrepared } from './prepared-statement.ts';
import { toDataSourceOptions } from './service-database.ts';

let postgres: TestPostgres;
let admin: Client;
let source: DataSource;

beforeAll(async () => {
  postgres = await startPostgres({ schemas: [{ name: 'auth', migrations: [] }] });
  admin = new Client({ connectionString: postgres.adminUrl });
  await admin.connect();
  await admin.query('CREATE TABLE auth.things (id int PRIMARY KEY, weight int NOT NULL)');
  await admin.query('GRANT ALL ON auth.things TO auth');
  const options = toDataSourceOptions({ url: postgres.urlOf('auth'), instance: 'test', entities: [], poolSize: 1 });
  source = await new DataSource(options).initialize();
});
afterAll(async () => {
  await source.destroy();
  await admin.end();
  await postgres.stop();
});

const add = { name: 'add', text: 'INSERT INTO things SELECT * FROM unnest($1::int[], $2::int[]) RETURNING id, weight' };
const all = { name: 'all', text: 'SELECT id, weight FROM things ORDER BY id' };

test('a prepared statement is planned once for a connection', async () => {
  for (const id of [1, 2]) expect(await runPrepared(source, add, [[id], [10 * id]])).toEqual([{ id, weight: 10 * id }]);
  const known = await source.query<{ name: string }[]>('SELECT name FROM pg_prepared_statements');
  expect(known).toEqual([{ name: 'add' }]);
});

test('a statement that fails says why, as any query does, and leaves its connection good', async () => {
  const failed = runPrepared(source, add, [[1], [1]]);
  await expect(failed).rejects.toMatchObject({ name: 'QueryFailedError', code: '23505' });
  expect(await runPrepared(source, all, [])).toHaveLength(2);
});

test('a migration under way makes no statement fail', async () => {
  await runPrepared(source, all, []);
  await admin.query('ALTER TABLE auth.things ALTER weight TYPE bigint');
  expect(await runPrepared(source, all, [])).toEqual([
    { id: 1, weight: '10' },
    { id: 2, weight: '20' },
  ]);
});

test('a connection that broke is not used again', async () => {
  await admin.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'test'");
  await runPrepared(source, all, []).catch(() => undefined);
  expect(await runPrepared(source, all, [])).toHaveLength(2);
});
