import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startPostgres, type TestPostgres } from '@orgn/testing';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { MigrateConfig } from './config.ts';
import { runMigrations } from './run-migrations.ts';
import { toServiceSchemas } from './service-schemas.ts';
import { waitForPostgres } from './wait-for-postgres.ts';

const ROLES = ['auth', 'inference_router', 'key_registry', 'usage_metering'];
const passwords = {
  AUTH_DATABASE_PASSWORD: 'a-password-of-auth',
  INFERENCE_ROUTER_DATABASE_PASSWORD: 'a-password-of-inference-router',
  KEY_REGISTRY_DATABASE_PASSWORD: 'a-password-of-key-registry',
  USAGE_METERING_DATABASE_PASSWORD: 'a-password-of-usage-metering',
};
const passwordOf = (role: string) => `a-password-of-${role.replace('_', '-')}`;

let postgres: TestPostgres;

beforeAll(async () => {
  postgres = await startPostgres();
  await run();
});

afterAll(() => postgres.stop());

/** Runs the job; answers its exit code and all it said. */
async function run(overrides: Record<string, string> = {}): Promise<{ code: number; said: string }> {
  const lines: string[] = [];
  const environment = { INTERNAL_TLS: 'off', DATABASE_ADMIN_URL: postgres.adminUrl, ...passwords, ...overrides };
  const code = await runMigrations((line) => lines.push(line), environment);
  return { code, said: lines.join('\n') };
}

const urlOf = (role: string, password = passwordOf(role)) =>
  Object.assign(new URL(postgres.adminUrl), { username: role, password }).href;

async function query<R>(url: string, text: string): Promise<R[]> {
  const client = new Client({ connectionString: url });
  try {
    await client.connect();
    return (await client.query(text)).rows as R[];
  } finally {
    await client.end();
  }
}

/** Everything that migrations make in a schema, as text. */
async function shapeOf(schema: string): Promise<string[]> {
  const rows = await query<{ line: string }>(
    postgres.adminUrl,
    `SELECT format('%s.%s %s %s %s', table_name, column_name, data_type, is_nullable, column_default) AS line
       FROM information_schema.columns WHERE table_schema = '${schema}' AND table_name <> 'migrations'
     UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = '${schema}' AND tablename <> 'migrations'
     UNION ALL SELECT format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(c.oid)) FROM pg_constraint c
       JOIN pg_namespace n ON n.oid = connamespace WHERE nspname = '${schema}' AND conrelid <> '${schema}.migrations'::regclass
     UNION ALL SELECT format('%s()', p.oid::regproc) FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace
       WHERE nspname = '${schema}'
     ORDER BY 1`,
  );
  return rows.map(({ line }) => line);
}

describe('the migration job', () => {
  test('changes nothing when it runs again, and lets two run at a time', async () => {
    const before = await Promise.all(ROLES.map(shapeOf));
    for (const { code, said } of await Promise.all([run(), run()]))
      expect([code, said]).toEqual([0, expect.stringMatching(/up to date$/)]);
    expect(await Promise.all(ROLES.map(shapeOf))).toEqual(before);
    expect(before.every((shape) => shape.length > 3)).toBe(true);
  });

  test('gives a role the password of its last run', async () => {
    await run({ AUTH_DATABASE_PASSWORD: 'another-password-of-auth' });
    expect(await query(urlOf('auth', 'another-password-of-auth'), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await expect(query(urlOf('auth'), 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
    await run();
  });

  test('sets what a role has loosened for itself, and says which settings those were', async () => {
    await query(urlOf('auth'), 'ALTER ROLE auth SET statement_timeout = 0');
    await query(urlOf('auth'), 'ALTER ROLE auth IN DATABASE orgn SET lock_timeout = 0');
    await query(urlOf('auth'), "ALTER ROLE auth PASSWORD 'a password of its own'");
    const { code, said } = await run();
    expect([code, said]).toEqual([0, expect.stringMatching(/note: auth had changed its lock_timeout\n/)]);
    expect(said).toMatch(/note: auth had changed its statement_timeout\n/);
    expect(await query(urlOf('auth'), 'SHOW statement_timeout')).toEqual([{ statement_timeout: '10s' }]);
    expect(await query(urlOf('auth'), 'SHOW lock_timeout')).toEqual([{ lock_timeout: '5s' }]);
    expect((await run()).said).not.toContain('note:');
  });

  test('says which other databases let services in', async () => {
    await query(postgres.adminUrl, 'CREATE DATABASE neighbour');
    expect((await run()).said).toContain(
      'note: services may log in to the database neighbour, whose owner can forbid it',
    );
    await query(postgres.adminUrl, 'REVOKE CONNECT ON DATABASE neighbour FROM PUBLIC');
    expect((await run()).said).not.toContain('note:');
  });

  test('drops audit entries by the month and blanks what is personal in others, when that is asked for', async () => {
    const record = (
      address: string,
    ) => `SELECT auth.record_audit_entry(NULL, 'system', NULL, NULL, 'session.ended', 'session', 's',
      NULL, NULL, '{"address":"${address}"}')`;
    const entries = `SELECT client, salt FROM auth.audit_entries ORDER BY seq`;
    await query(postgres.adminUrl, record('10.0.0.1'));
    const age = (days: number) =>
      query(
        postgres.adminUrl,
        `UPDATE auth.audit_entries SET id = overlay(id::text placing left(auth.audit_lowest_id(now() - interval '${days} days')::text, 13) from 1)::uuid`,
      );
    await age(20);
    await query(postgres.adminUrl, record('10.0.0.2'));
    expect((await run({ AUDIT_RETENTION_DAYS: '365' })).said).not.toContain('audit');
    const blanked = await run({ AUDIT_PERSONAL_DAYS: '10', AUDIT_RETENTION_DAYS: '365' });
    expect(blanked.said).toContain('addresses, clients and names of 1 audit entries were blanked for their age');
    expect(await query(postgres.adminUrl, entries)).toMatchObject([
      { client: null, salt: null },
      { client: { address: '10.0.0.2' } },
    ]);
    await age(400);
    expect((await run({ AUDIT_RETENTION_DAYS: '365' })).said).toContain('2 audit entries were dropped for their age');
    expect(await query(postgres.adminUrl, entries)).toEqual([]);
    expect(await query(postgres.adminUrl, 'SELECT chain, seq FROM auth.audit_cuts')).toEqual([
      { chain: 'people', seq: '2' },
    ]);
  });

  test('waits for a Postgres that is still to come', async () => {
    await postgres.crash();
    const running = run();
    await postgres.start();
    expect(await running).toMatchObject({ code: 0, said: expect.stringMatching(/^waiting for Postgres\n/) });
  });

  test('gives up in the end', async () => {
    const said: string[] = [];
    const nobody = 'postgresql://orgn_admin:pw@127.0.0.1:1/orgn';
    await expect(waitForPostgres(nobody, (line) => said.push(line), { waitMs: 300 })).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    });
    expect(said).toEqual(['waiting for Postgres']);
  });

  test('fails at once, without a secret in what it says, when it may not log in', async () => {
    const startedAt = Date.now();
    const { code, said } = await run({ DATABASE_ADMIN_URL: urlOf('orgn_admin', 'a-wrong-password') });
    expect([code, said]).toEqual([1, expect.stringContaining('"28P01"')]);
    expect(Date.now() - startedAt).toBeLessThan(5_000);
    for (const secret of [...Object.values(passwords), 'a-wrong-password']) expect(said).not.toContain(secret);
  });

  test('names every variable that is missing or wrong, and quotes none', async () => {
    const { code, said } = await run({
      DATABASE_ADMIN_URL: 'mysql://root:pass@host',
      AUTH_DATABASE_PASSWORD: 'too-short',
    });
    expect(code).toBe(1);
    expect(said).toMatch(/DATABASE_ADMIN_URL[\s\S]*AUTH_DATABASE_PASSWORD must have at least 16 characters/);
    expect(said).not.toMatch(/mysql|too-short/);
  });
});

describe('a service’s role', () => {
  test.each(ROLES)('%s reads and writes its own tables', async (role) => {
    const [table] = await query<{ name: string }>(
      urlOf(role),
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' AND table_name <> 'migrations'`,
    );
    expect(await query(urlOf(role), `SELECT * FROM ${table!.name} LIMIT 1`)).toEqual([]);
    await query(urlOf(role), `DELETE FROM ${table!.name}`);
  });

  test.each(ROLES)('%s may not change tables, nor the record of migrations', async (role) => {
    const denied = { code: '42501' };
    await expect(query(urlOf(role), 'CREATE TABLE mine (id int)')).rejects.toMatchObject(denied);
    await expect(query(urlOf(role), 'CREATE TABLE public.mine (id int)')).rejects.toMatchObject(denied);
    await expect(query(urlOf(role), 'CREATE SCHEMA mine')).rejects.toMatchObject(denied);
    await expect(query(urlOf(role), 'CREATE ROLE mine')).rejects.toMatchObject(denied);
    await expect(query(urlOf(role), 'DELETE FROM migrations')).rejects.toMatchObject(denied);
  });

  test.each(ROLES)(
    '%s logs in to no other database, and makes no temporary tables and no large objects',
    async (role) => {
      const denied = { code: '42501' };
      for (const other of ['postgres', 'template1']) {
        const url = Object.assign(new URL(urlOf(role)), { pathname: `/${other}` }).href;
        await expect(query(url, 'SELECT 1')).rejects.toMatchObject(denied);
      }
      for (const statement of [
        'CREATE TEMP TABLE mine (id int)',
        'SELECT lo_create(0)',
        'SELECT lo_creat(-1)',
        "SELECT lo_from_bytea(0, 'x')",
      ]) {
        await expect(query(urlOf(role), statement)).rejects.toMatchObject(denied);
      }
    },
  );

  test.each(ROLES)('%s has so many sessions and no more, and waits for nothing without an end', async (role) => {
    await run({ DATABASE_CONNECTIONS: '8' });
    const clients = Array.from({ length: 9 }, () => new Client({ connectionString: urlOf(role) }));
    const ends = await Promise.allSettled(clients.map((client) => client.connect()));
    await Promise.allSettled(clients.map((client) => client.end()));
    const refused = ends.filter((end) => end.status === 'rejected');
    // A session of the test before may still be ending.
    expect(refused.length).toBeGreaterThan(0);
    expect(new Set(refused.map(({ reason }) => (reason as { code: string }).code))).toEqual(new Set(['53300']));
    await run();
    const [bounds] = await query<object>(
      urlOf(role),
      `SELECT current_setting('statement_timeout') AS statement, current_setting('lock_timeout') AS lock,
         current_setting('idle_in_transaction_session_timeout') AS idle`,
    );
    expect(bounds).toEqual({ statement: '10s', lock: '5s', idle: '20s' });
    // None of this is the role's own to change; its settings and its password are, hence the job sets them again.
    await expect(query(urlOf(role), `ALTER ROLE ${role} CONNECTION LIMIT 100`)).rejects.toMatchObject({
      code: '42501',
    });
  });

  test.each(ROLES.flatMap((role) => ROLES.filter((other) => other !== role).map((other) => [role, other] as const)))(
    '%s may not read %s',
    async (role, other) => {
      await expect(query(urlOf(role), `SELECT * FROM ${other}.migrations`)).rejects.toMatchObject({ code: '42501' });
      const tables = `SELECT 1 FROM information_schema.table_privileges WHERE table_schema = '${other}'`;
      expect(await query(urlOf(role), tables)).toEqual([]);
    },
  );
});

describe('the migrations', () => {
  const schemas = toServiceSchemas(Object.assign(new MigrateConfig(), passwords));

  test.each(schemas)('of $name go down to nothing and up again to the same', async ({ name, migrations }) => {
    const before = await shapeOf(name);
    const extra = { options: `-c search_path=${name}` };
    const source = await new DataSource({
      type: 'postgres',
      url: postgres.adminUrl,
      schema: name,
      migrations,
      extra,
    }).initialize();
    try {
      for (let left = source.migrations.length; left > 0; left -= 1) await source.undoLastMigration();
      expect(await shapeOf(name)).toEqual([]);
      await source.runMigrations();
      expect(await shapeOf(name)).toEqual(before);
    } finally {
      await source.destroy();
    }
  });
});
