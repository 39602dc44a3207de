import { pipeline } from 'node:stream/promises';
import type { ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { columnList, tableName } from '../catalogue/names.ts';
import { inOrderOfReferences, tablesOf } from '../catalogue/tables.ts';
import type { DumpReader } from '../dump/dump-reader.ts';
import { DumpError } from '../dump/dump-error.ts';
import type { DumpedSchema, DumpedTable } from '../dump/manifest.ts';
import { makePartitions } from './partitions.ts';

/** Brings the rows of a schema back, and its sequences to where they were. */
export async function loadSchema(client: ClientBase, dump: DumpReader, schema: DumpedSchema): Promise<void> {
  await makePartitions(client, schema);
  const there = await tablesOf(client, schema.name);
  // What migrations put in is in the dump as well.
  const all = there.map(({ name }) => tableName(schema.name, name));
  if (all.length > 0) await client.query(`TRUNCATE ${all.join(', ')}`);
  for (const table of await inOrderOfReferences(client, schema.name, schema.tables)) {
    requireSame(schema.name, table, there.find(({ name }) => name === table.name)?.columns ?? []);
    await loadTable(client, dump, schema.name, table);
  }
  for (const { name, lastValue, isCalled } of schema.sequences) {
    await client.query('SELECT setval($1::regclass, $2, $3)', [tableName(schema.name, name), lastValue, isCalled]);
  }
}

async function loadTable(client: ClientBase, dump: DumpReader, schema: string, table: DumpedTable): Promise<void> {
  const path = tableName(schema, table.name);
  if (table.rows > 0) {
    // What triggers make of these rows, such as sums, is in the dump as well.
    await client.query(`ALTER TABLE ${path} DISABLE TRIGGER USER`);
    const into = client.query(copyFrom(`COPY ${path} (${columnList(table.columns)}) FROM STDIN`));
    await pipeline(dump.part(table.data), into).catch((error: unknown) => {
      throw ofTheRows(error) ? unfit(schema, table.name, error) : error;
    });
    await client.query(`ALTER TABLE ${path} ENABLE TRIGGER USER`);
  }
  const { rows } = await client.query<{ count: string }>(`SELECT count(*) AS count FROM ${path}`);
  if (Number(rows[0]?.count) !== table.rows)
    throw new DumpError(
      'dump_damaged',
      `${schema}.${table.name} has another number of rows than the dump says it has.`,
    );
}

/** What Postgres says of values and rules (SQLSTATE classes): these rows would fail anywhere. */
function ofTheRows(error: unknown): boolean {
  return /^2[23]/.test((error as { code?: string }).code ?? '');
}

function unfit(schema: string, table: string, cause: unknown): DumpError {
  return new DumpError('dump_damaged', `Rows of ${schema}.${table} in the dump break the rules of their table.`, {
    cause,
  });
}

function requireSame(schema: string, { name, columns }: DumpedTable, there: DumpedTable['columns']): void {
  const asText = (list: DumpedTable['columns']) => list.map((column) => `${column.name} ${column.type}`).sort();
  if (asText(columns).join() === asText(there).join()) return;
  throw new DumpError('dump_damaged', `${schema}.${name} in the dump is not as its migrations make it.`);
}
