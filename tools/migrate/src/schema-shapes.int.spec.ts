import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { shape as auth } from '@orgn/auth/migrations';
import { SchemaWatch, SHAPE, type SchemaShape } from '@orgn/database';
import { shape as inferenceRouter } from '@orgn/inference-router/migrations';
import { shape as keyRegistry } from '@orgn/key-registry/migrations';
import { shape as usageMetering } from '@orgn/usage-metering/migrations';
import { Client } from 'pg';
import { migrationsBySchema, schemaNames, type SchemaName } from './service-schemas.ts';
import { startDeployment, type TestDeployment } from './testing/deployment.ts';

const recorded: Record<SchemaName, SchemaShape> = {
  auth,
  inference_router: inferenceRouter,
  key_registry: keyRegistry,
  usage_metering: usageMetering,
};
const fileOf = (schema: SchemaName) =>
  join(import.meta.dirname, `../../../apps/${schema.replace('_', '-')}/src/migrations/shape.ts`);

const toFile = (schema: SchemaName, lines: SchemaShape) => `import type { SchemaShape } from '@orgn/database';

/** What the migrations make of ${schema}: written by UPDATE_DOCS=1 on tools/migrate/src/schema-shapes.int.spec.ts, not by hand. */
export const shape: SchemaShape = [
${lines.map((line) => `  '${line}',\n`).join('')}];
`;

let deployment: TestDeployment;

beforeAll(async () => {
  deployment = await startDeployment();
});

afterAll(() => deployment.stop());

async function made(schema: SchemaName): Promise<string[]> {
  return (await deployment.query<{ line: string }>(SHAPE, [schema])).map(({ line }) => line);
}

/** As the service's role sees it. */
async function faultOf(schema: SchemaName): Promise<string | undefined> {
  const client = new Client({ connectionString: deployment.postgres.urlOf(schema) });
  await client.connect();
  try {
    const ask = async <T>(text: string, values: string[]) => (await client.query(text, values)).rows as T[];
    const watch = new SchemaWatch(ask, schema, { migrations: migrationsBySchema[schema], shape: recorded[schema] });
    await watch.look();
    return watch.fault;
  } finally {
    await client.end();
  }
}

describe('the shape of a schema', () => {
  test.each(schemaNames)(
    '%s is recorded as its migrations make it (UPDATE_DOCS=1 records it again)',
    async (schema) => {
      const file = toFile(schema, await made(schema));
      if (process.env.UPDATE_DOCS) writeFileSync(fileOf(schema), file);
      expect(readFileSync(fileOf(schema), 'utf8')).toBe(file);
    },
  );

  test.each(schemaNames)('%s has no fault after the migrate job, by its own role', async (schema) => {
    expect(await faultOf(schema)).toBeUndefined();
  });

  test.each<[SchemaName, string, string]>([
    [
      'auth',
      'ALTER TABLE auth.memberships DROP CONSTRAINT memberships_pkey',
      'lacks constraint memberships_pkey of memberships',
    ],
    ['auth', 'ALTER TABLE auth.teams ALTER name DROP NOT NULL', 'lacks column name (not null) of teams'],
    ['auth', 'DROP FUNCTION auth.make_audit_months()', 'lacks function make_audit_months'],
    ['key_registry', 'DROP INDEX key_registry.api_keys_name', 'lacks index api_keys_name of api_keys'],
    [
      'usage_metering',
      'ALTER TABLE usage_metering.usage_rows DROP CONSTRAINT usage_rows_pkey',
      'lacks constraint usage_rows_pkey of usage_rows',
    ],
    ['usage_metering', 'DROP TABLE usage_metering.listed_prices CASCADE', 'of listed_prices'],
    [
      'usage_metering',
      'DELETE FROM usage_metering.migrations WHERE id = 2',
      'lacks migration CreateIdempotency1795500000000',
    ],
    ['key_registry', 'DROP TABLE key_registry.migrations', 'its migrations cannot be read: run the migrate job'],
  ])('%s notices %s', async (schema, statement, fault) => {
    await deployment.query('BEGIN');
    try {
      await deployment.query(statement);
      const ask = async <T>(text: string, values: string[]) => deployment.query<T>(text, values);
      await deployment.query(`SET LOCAL search_path TO ${schema}`);
      const watch = new SchemaWatch(ask, schema, { migrations: migrationsBySchema[schema], shape: recorded[schema] });
      await watch.look();
      expect(watch.fault).toContain(fault);
    } finally {
      await deployment.query('ROLLBACK');
    }
  });

  test('of a database that a newer release has migrated is that release’s matter', async () => {
    await deployment.query(`INSERT INTO auth.migrations ("timestamp", name) VALUES (9, 'New9999999999999')`);
    await deployment.query('DROP INDEX auth.invitations_of_address');
    expect(await faultOf('auth')).toBeUndefined();
    await deployment.query('DELETE FROM auth.migrations WHERE "timestamp" = 9');
    expect(await faultOf('auth')).toBe('lacks index invitations_of_address of invitations');
  });
});
