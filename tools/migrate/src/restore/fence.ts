import type { ClientBase } from 'pg';
import { tableName } from '../catalogue/names.ts';
import { HISTORY, tablesOf } from '../catalogue/tables.ts';
import { Refusal } from '../deployment/refusal.ts';
import { schemaNames } from '../service-schemas.ts';

const ATTEMPTS = 4;
/** Longer than any transaction of a service may last. */
const LOCK_TIMEOUT = '25s';
/** A service stood in the way: a deadlock that the server resolved, or a lock that was not to be had in time. */
const IN_THE_WAY = new Set(['40P01', '55P03']);

/** What services write by themselves, whether or not anybody ever used them. */
const NOT_DATA = new Set([
  ...['idempotency_secrets', 'shard_leases', 'shard_keepers', 'price_versions'].map((name) => `usage_metering.${name}`),
  ...['receipt_keys', 'measurements'].map((name) => `inference_router.${name}`),
]);

/**
 * Begins the transaction and locks every table in it: services that run wait, and what they cannot wait for they refuse as
 * unavailable, until all of it is over. They never see half of it.
 * @throws Refusal `busy` when that is not to be had
 */
export async function beginFenced(client: ClientBase): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    await client.query('BEGIN');
    try {
      await lockTables(client);
      return;
    } catch (error) {
      await client.query('ROLLBACK');
      if (!IN_THE_WAY.has((error as { code?: string }).code ?? '')) throw error;
      if (attempt === ATTEMPTS)
        throw new Refusal('busy', 'The database is in use and did not become free: stop the services, then restore.', {
          cause: error,
        });
    }
  }
}

async function lockTables(client: ClientBase): Promise<void> {
  await client.query('SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0');
  await client.query(`SET LOCAL lock_timeout = '${LOCK_TIMEOUT}'`);
  const names = await everyTable(client);
  if (names.length > 0) await client.query(`LOCK TABLE ${names.join(', ')} IN ACCESS EXCLUSIVE MODE`);
}

/** @throws Refusal `database_not_empty` naming a table with rows */
export async function requireEmpty(client: ClientBase): Promise<void> {
  for (const schema of schemaNames) {
    for (const { name } of await tablesOf(client, schema)) {
      if (NOT_DATA.has(`${schema}.${name}`)) continue;
      const { rowCount } = await client.query(`SELECT 1 FROM ${tableName(schema, name)} LIMIT 1`);
      if (rowCount !== 0)
        throw new Refusal(
          'database_not_empty',
          `The database is not empty (${schema}.${name} has rows). Back it up, then restore with --replace to lose what is in ` +
            'it. Nothing was changed.',
        );
    }
  }
}

async function everyTable(client: ClientBase): Promise<string[]> {
  const names: string[] = [];
  for (const schema of schemaNames) {
    for (const { name } of await tablesOf(client, schema)) names.push(tableName(schema, name));
    const { rowCount } = await client.query('SELECT to_regclass($1) AS found WHERE to_regclass($1) IS NOT NULL', [
      tableName(schema, HISTORY),
    ]);
    if (rowCount !== 0) names.push(tableName(schema, HISTORY));
  }
  return names;
}
