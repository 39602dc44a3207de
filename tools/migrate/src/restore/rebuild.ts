import { ensureSchema, protectHistory, recordsOf, runInside } from '@orgn/database';
import type { ClientBase } from 'pg';
import type { QueryRunner } from 'typeorm';
import { Refusal } from '../deployment/refusal.ts';
import type { Manifest } from '../dump/manifest.ts';
import { migrationsBySchema, schemaNames } from '../service-schemas.ts';

/** The connection of the one transaction, as TypeORM's migrations know it and as it is. */
export interface Transaction {
  runner: QueryRunner;
  client: ClientBase;
}

/** Makes every schema anew, empty, as it was when the dump was taken: by the migrations that had run then. */
export async function rebuild({ runner, client }: Transaction, { schemas }: Manifest): Promise<void> {
  await requireRoles(client);
  for (const name of schemaNames) await client.query(`DROP SCHEMA IF EXISTS ${client.escapeIdentifier(name)} CASCADE`);
  for (const name of schemaNames) {
    await ensureSchema(client, name);
    const had = schemas.find((schema) => schema.name === name)?.migrations.map((migration) => migration.name) ?? [];
    await runInside(runner, client, { name, migrations: migrationsBySchema[name] }, had);
  }
}

/**
 * Runs the migrations that the dump did not have yet, over its rows.
 * @returns their names
 */
export async function bringForward({ runner, client }: Transaction, { schemas }: Manifest): Promise<string[]> {
  const ran: string[] = [];
  for (const name of schemaNames) {
    const migrations = migrationsBySchema[name];
    const had = new Set(schemas.find((schema) => schema.name === name)?.migrations.map((migration) => migration.name));
    const missing = recordsOf(migrations).filter((record) => !had.has(record.name));
    const names = missing.map((record) => record.name);
    await runInside(runner, client, { name, migrations }, names);
    await protectHistory(client, name);
    ran.push(...names);
  }
  return ran;
}

/** Roles belong to the server, not to the database, and their passwords to the deployment. */
async function requireRoles(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    'SELECT rolname AS name FROM pg_roles WHERE rolname = ANY ($1)',
    [schemaNames],
  );
  const missing = schemaNames.filter((name) => !rows.some((row) => row.name === name));
  if (missing.length > 0)
    throw new Refusal(
      'service_unavailable',
      `The login roles ${missing.join(', ')} are not there: run the migrate job first, then restore. Nothing was changed.`,
    );
}
