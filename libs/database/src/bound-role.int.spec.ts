import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startPostgres, type TestPostgres } from '@orgn/testing';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { requireBoundRole, type UnboundRoleError } from './bound-role.ts';
import { toDataSourceOptions } from './service-database.ts';

let postgres: TestPostgres;
let admin: Client;

beforeAll(async () => {
  postgres = await startPostgres({ schemas: [{ name: 'auth', migrations: [] }] });
  admin = new Client({ connectionString: postgres.adminUrl });
  await admin.connect();
});

afterAll(async () => {
  await admin.end();
  await postgres.stop();
});

/** What holding the role of this address to its bounds comes to. */
async function judge(url: string): Promise<string> {
  const source = await new DataSource(toDataSourceOptions({ url, instance: 'test', entities: [] })).initialize();
  try {
    await requireBoundRole(source);
    return 'bound';
  } catch (error) {
    return (error as UnboundRoleError).code;
  } finally {
    await source.destroy();
  }
}

test('a role as the migrate job makes it is taken', async () => {
  expect(await judge(postgres.urlOf('auth'))).toBe('bound');
});

test('a service does not run as the admin', async () => {
  expect(await judge(postgres.adminUrl)).toBe('superuser');
});

test.each([
  ['ALTER ROLE auth CREATEROLE', 'ALTER ROLE auth NOCREATEROLE', 'create-role'],
  ['ALTER ROLE auth CONNECTION LIMIT -1', 'ALTER ROLE auth CONNECTION LIMIT 30', 'any-number-of-connections'],
  ['GRANT TEMP ON DATABASE orgn TO PUBLIC', 'REVOKE TEMP ON DATABASE orgn FROM PUBLIC', 'temporary-tables'],
  ['GRANT CREATE ON SCHEMA auth TO auth', 'REVOKE CREATE ON SCHEMA auth FROM auth', 'create-table'],
])('%s keeps the service from starting', async (grant, revoke, excess) => {
  await admin.query(grant);
  expect(await judge(postgres.urlOf('auth'))).toBe(excess);
  await admin.query(revoke);
  expect(await judge(postgres.urlOf('auth'))).toBe('bound');
});
