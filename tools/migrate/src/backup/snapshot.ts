import type { ClientBase } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { auditHeads } from '../catalogue/audit-heads.ts';
import { setPlain } from '../catalogue/plain-text.ts';
import { columnList, tableName } from '../catalogue/names.ts';
import { migrationsOf, sequencesOf, tablesOf, type Table } from '../catalogue/tables.ts';
import type { DumpWriter } from '../dump/dump-writer.ts';
import type { DumpedSchema, DumpedTable, Manifest } from '../dump/manifest.ts';
import { proofsOfKeys } from '../peppers/keys-by-pepper.ts';
import type { Pepper } from '@orgn/key-registry/peppers';

/** What a snapshot of the database came to. */
export type Snapshot = Pick<Manifest, 'takenAt' | 'postgres' | 'schemas' | 'peppers' | 'auditHeads'>;

/**
 * Writes all rows of all schemas, as they are at one moment: of one transaction that changes nothing, and that keeps nobody
 * from reading or writing meanwhile.
 */
export async function dumpSnapshot(
  client: ClientBase,
  writer: DumpWriter,
  given: { schemas: readonly string[]; peppers: readonly Pepper[]; dumpId: string },
): Promise<Snapshot> {
  await client.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
  try {
    await setPlain(client);
    const { rows } = await client.query<{ at: Date; version: string }>(
      "SELECT now() AS at, current_setting('server_version') AS version",
    );
    const schemas: DumpedSchema[] = [];
    for (const name of given.schemas) schemas.push(await dumpSchema(client, writer, name));
    return {
      takenAt: rows[0]?.at.toISOString() ?? '',
      postgres: rows[0]?.version ?? '',
      schemas,
      peppers: await proofsOfKeys(client, given.peppers, given.dumpId),
      auditHeads: await auditHeads(client),
    };
  } finally {
    await client.query('ROLLBACK');
  }
}

async function dumpSchema(client: ClientBase, writer: DumpWriter, name: string): Promise<DumpedSchema> {
  const tables: DumpedTable[] = [];
  for (const table of await tablesOf(client, name)) tables.push(await dumpTable(client, writer, name, table));
  return { name, migrations: await migrationsOf(client, name), sequences: await sequencesOf(client, name), tables };
}

async function dumpTable(client: ClientBase, writer: DumpWriter, schema: string, table: Table): Promise<DumpedTable> {
  // A query, because COPY alone gives no rows of a partitioned table.
  const rows = client.query(
    copyTo(`COPY (SELECT ${columnList(table.columns)} FROM ${tableName(schema, table.name)}) TO STDOUT`),
  );
  const data = await writer.add(`${schema}.${table.name}.copy.gz`, rows);
  return { ...table, rows: rows.rowCount, data };
}
