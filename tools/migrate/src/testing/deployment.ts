import { createHash, randomBytes } from 'node:crypto';
import { toStoredDigest, type Pepper } from '@orgn/key-registry/peppers';
import { startPostgres, type TestPostgres } from '@orgn/testing';
import { Client } from 'pg';
import type { Deployment } from '../deployment/deployment.ts';
import { migrationsBySchema, schemaNames, type SchemaName } from '../service-schemas.ts';

/** A database of a deployment and what is known of it. */
export interface TestDeployment {
  postgres: TestPostgres;
  deployment: Deployment;
  query: <R>(text: string, values?: unknown[]) => Promise<R[]>;
  stop(): Promise<void>;
}

export const pepper: Pepper = { kid: 'k1', secret: Buffer.alloc(32, 7) };

/** Starts one. @param migrations of some schemas, where not all of them shall have run */
export async function startDeployment(migrations: Partial<typeof migrationsBySchema> = {}): Promise<TestDeployment> {
  const all = { ...migrationsBySchema, ...migrations };
  const postgres = await startPostgres({ schemas: schemaNames.map((name) => ({ name, migrations: all[name] })) });
  const client = new Client({ connectionString: postgres.adminUrl });
  await client.connect();
  return {
    postgres,
    deployment: {
      databaseUrl: postgres.adminUrl,
      databaseTls: false,
      peppers: [pepper],
      bus: undefined,
      secrets: 'nothing',
    },
    query: async <R>(text: string, values: unknown[] = []) => (await client.query(text, values)).rows as R[],
    stop: async () => {
      await client.end();
      await postgres.stop();
    },
  };
}

type Query = TestDeployment['query'];

/** Asks a database as its admin, on a connection of its own. */
export async function inDatabase<T>(url: string, ask: (query: Query) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await ask(async <R>(text: string, values: unknown[] = []) => (await client.query(text, values)).rows as R[]);
  } finally {
    await client.end();
  }
}

/** How the schema of a service is made, and everything in it, as text: names and definitions of all there is. */
export async function shapeOf({ query }: Pick<TestDeployment, 'query'>): Promise<string[]> {
  const rows = await query<{ line: string }>(
    `SELECT format('column %s.%s.%s %s %s %s', table_schema, table_name, column_name, data_type, is_nullable, column_default) AS line
       FROM information_schema.columns WHERE table_schema = ANY ($1)
     UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = ANY ($1)
     UNION ALL SELECT format('constraint %s %s %s', conrelid::regclass, conname, pg_get_constraintdef(c.oid)) FROM pg_constraint c
       JOIN pg_namespace n ON n.oid = connamespace WHERE nspname = ANY ($1)
     UNION ALL SELECT format('function %s %s %s', p.oid::regprocedure, p.proacl, md5(prosrc)) FROM pg_proc p
       JOIN pg_namespace n ON n.oid = pronamespace WHERE nspname = ANY ($1)
     UNION ALL SELECT format('relation %s %s %s %s', c.oid::regclass, c.relkind, c.relacl, pg_get_expr(c.relpartbound, c.oid))
       FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = ANY ($1)
     UNION ALL SELECT format('schema %s %s', nspname, nspacl) FROM pg_namespace WHERE nspname = ANY ($1)
     UNION ALL SELECT format('defaults %s %s %s', n.nspname, defaclobjtype, defaclacl) FROM pg_default_acl d
       JOIN pg_namespace n ON n.oid = defaclnamespace
     ORDER BY 1`,
    [schemaNames],
  );
  return rows.map(({ line }) => line);
}

/** Sessions are ended by a restore; the record of migrations has times of its own. */
const notCompared = ['migrations', 'sessions', 'pending_sign_ins'];

/** The rows of every table, as a digest of their text in order, by table. */
export async function rowsOf({ query }: Pick<TestDeployment, 'query'>): Promise<Record<string, string>> {
  const tables = await query<{ path: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS path FROM pg_tables WHERE schemaname = ANY ($1) AND tablename <> ALL ($2) ORDER BY 1`,
    [schemaNames, notCompared],
  );
  const rows: Record<string, string> = {};
  for (const { path } of tables) {
    const [found] = await query<{ what: string }>(
      `SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, E'\\n' ORDER BY t::text)), '') AS what FROM ${path} t`,
    );
    rows[path] = found?.what ?? '';
  }
  return rows;
}

/** Writes something into every table that a deployment in use has rows in. @returns the raw text of a key that is stored */
export async function fill({ query }: TestDeployment, usageRows: number): Promise<{ key: string; keyId: string }> {
  const [user, team, keyId] = [`user_${'a'.repeat(32)}`, 'team_acme', `key_${'b'.repeat(32)}`];
  await query(`INSERT INTO auth.teams (id, name) VALUES ($1, $2), ('team_other', 'Other')`, [
    team,
    'Tab\there \\N "ü" 💡\nend',
  ]);
  await query(
    `INSERT INTO auth.users (id, iss, sub, email, email_verified, name) VALUES ($1, 'i', 's', 'a@orgn.test', true, '\\N')`,
    [user],
  );
  await query(`INSERT INTO auth.memberships (team_id, user_id, role) VALUES ($1, $2, 'owner')`, [team, user]);
  await query(
    `INSERT INTO auth.sessions (id, secret_hash, user_id, iss, sub, client_user_agent, id_token_sealed)
     VALUES ($1, $2, $3, 'i', 's', 'x', $2)`,
    [`session_${'c'.repeat(32)}`, randomBytes(32), user],
  );
  for (const chain of [team, 'team_other', null, team, null]) {
    await query(
      `SELECT auth.record_audit_entry($1, 'user', $2, 'Ada', 'team.created', 'team', 'x', NULL, '{"email":"b@orgn.test","n":1}', '{"address":"10.0.0.1"}')`,
      [chain, user],
    );
  }
  const key = `sk-ollm-${'d'.repeat(32)}`;
  const digest = toStoredDigest(pepper, createHash('sha256').update(key).digest('base64url'));
  await query(
    `INSERT INTO key_registry.api_keys (id, digest, digest_kid, team_id, name, hint, models, execution_policy, lineage_id, budgets)
     VALUES ($1, $2, $3, $4, 'one', 'sk-…', '{a,"b c"}', 'any', $1, '{"day":5}')`,
    [keyId, digest.digest, digest.kid, team],
  );
  await addUsage({ query }, usageRows);
  await query(`INSERT INTO usage_metering.idempotency_secrets VALUES ('2026-01-01', $1, now())`, [randomBytes(32)]);
  return { key, keyId };
}

/** Usage rows of the last hundred days and some, which reach into months that have no partition. */
export async function addUsage({ query }: Pick<TestDeployment, 'query'>, count: number): Promise<void> {
  await query(
    `INSERT INTO usage_metering.usage_rows (request_id, team_id, key_id, model, provider, execution, outcome, counted_by, witness,
       streamed, prompt_tokens, completion_tokens, cost_nano_usd, price_version, started_at, duration_ms, rank, recorded_at, claims)
     SELECT overlay(gen_random_uuid()::text placing left(usage_metering.lowest_request_id(at)::text, 13) from 1)::uuid, 'team_acme', 'key', 'm', 'near',
       'tee', 'completed', 'provider', 'router', n % 2 = 0, n, n, n * 90071992::bigint, 'v', at, n, 1, now(), '{"a":"b\\\\c\\t"}'
     FROM (SELECT n, now() - n * interval '100 days' / $1 AS at FROM generate_series(1, $1::int) AS n) AS made`,
    [count],
  );
}

export type { SchemaName };
