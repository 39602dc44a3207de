import { MIGRATION_LOCK } from '@orgn/database';
import type { ClientBase, PoolClient } from 'pg';
import { DataSource } from 'typeorm';
import { setPlain } from '../catalogue/plain-text.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { Refusal } from '../deployment/refusal.ts';
import type { DumpReader } from '../dump/dump-reader.ts';
import { checkLoaded, checkWhole } from './checks.ts';
import { requireKnownMigrations, requirePeppers } from './compatibility.ts';
import { endSessions } from './end-sessions.ts';
import { returnWords } from '../words/dump-words.ts';
import { beginFenced, requireEmpty } from './fence.ts';
import { countUsageSince, findRevived, rememberState, type Revived } from './former-state.ts';
import { loadSchema } from './load.ts';
import { bringForward, rebuild, type Transaction } from './rebuild.ts';

/** What a restore did. */
export interface Restored {
  rows: number;
  /** Migrations that the dump did not have and that have run over its rows. */
  migrations: string[];
  /** Access that had ended in the database that was replaced. */
  revived: Revived;
  /** Usage rows of the database that was replaced, settled after the dump was taken. */
  usageRowsGone: number;
  /** Usage words that NATS held when the dump was taken; usage-metering settles them now. */
  usageWordsReturned: number;
  /** Of the dump: everybody signs in again. */
  sessionsEnded: number;
}

/**
 * Makes a deployment's database what it was when the dump was taken, by this release's migrations, in one transaction that is
 * checked before it ends: whatever fails, everything stays as it was.
 * @throws DumpError for a dump that does not fit
 * @throws Refusal for a deployment that does not
 */
export async function restoreDump(
  deployment: Deployment,
  dump: DumpReader,
  { replace }: { replace: boolean },
): Promise<Restored> {
  requireKnownMigrations(dump.manifest);
  requirePeppers(dump.manifest, deployment.peppers);
  const { databaseUrl: url, databaseTls: ssl } = deployment;
  const source = await new DataSource({ type: 'postgres', url, ssl, poolSize: 1, logging: false }).initialize();
  const runner = source.createQueryRunner();
  try {
    const client = (await runner.connect()) as PoolClient;
    await holdOffOthers(client);
    await beginFenced(client);
    return await inTransaction({ runner, client }, dump, replace);
  } finally {
    await runner.release();
    await source.destroy();
  }
}

async function inTransaction(transaction: Transaction, dump: DumpReader, replace: boolean): Promise<Restored> {
  const { client } = transaction;
  try {
    const restored = await work(transaction, dump, replace);
    await client.query('COMMIT');
    // It is restored by then; what this would have counted, Postgres counts itself a little later.
    await client.query('ANALYZE').catch(() => undefined);
    return restored;
  } catch (error) {
    // The connection may be what failed: then the server rolls back.
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function work(transaction: Transaction, dump: DumpReader, replace: boolean): Promise<Restored> {
  const { client } = transaction;
  const { manifest } = dump;
  if (!replace) await requireEmpty(client);
  await rememberState(client);
  const usageRowsGone = await countUsageSince(client, manifest.takenAt);
  await rebuild(transaction, manifest);
  await setPlain(client);
  for (const schema of manifest.schemas) await loadSchema(client, dump, schema);
  await checkLoaded(client, manifest);
  const sessionsEnded = await endSessions(client);
  const migrations = await bringForward(transaction, manifest);
  const usageWordsReturned = await returnWords(client, dump);
  await checkWhole(client);
  const revived = await findRevived(client);
  const rows = manifest.schemas.flatMap(({ tables }) => tables).reduce((sum, table) => sum + table.rows, 0);
  return { rows, migrations, revived, usageRowsGone, usageWordsReturned, sessionsEnded };
}

/** The session's end gives the lock back. */
async function holdOffOthers(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ held: boolean }>('SELECT pg_try_advisory_lock($1) AS held', [MIGRATION_LOCK]);
  if (!rows[0]?.held)
    throw new Refusal(
      'busy',
      'The database is being migrated, backed up or restored right now: restore when that is over.',
    );
}
