import type { ClientBase } from 'pg';
import type { DumpedSchema, DumpedTable } from '../dump/manifest.ts';

/** A table as the database has it: without its rows. */
export type Table = Pick<DumpedTable, 'name' | 'columns' | 'partitions'>;

/** What TypeORM keeps its record of migrations in; it is made by running them. */
export const HISTORY = 'migrations';

/**
 * The tables of a schema, each with all its columns, by name; parts of a partitioned table are listed with it. Generated
 * columns are left out: nobody may write them.
 */
export async function tablesOf(client: ClientBase, schema: string): Promise<Table[]> {
  const { rows } = await client.query<Table>(TABLES, [schema, HISTORY]);
  return rows;
}

const TABLES = `
  SELECT c.relname AS name,
    coalesce((
      SELECT json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod)) ORDER BY a.attnum)
      FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''), '[]') AS columns,
    coalesce((
      SELECT json_agg(json_build_object('name', p.relname, 'from', bounds[1], 'to', bounds[2]) ORDER BY p.relname)
      FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhrelid,
        regexp_match(pg_get_expr(p.relpartbound, p.oid), '^FOR VALUES FROM \\(''([0-9a-f-]{36})''\\) TO \\(''([0-9a-f-]{36})''\\)$') AS bounds
      WHERE i.inhparent = c.oid AND bounds IS NOT NULL), '[]') AS partitions
  FROM pg_class c WHERE c.relnamespace = to_regnamespace(quote_ident($1)) AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND c.relname <> $2
  ORDER BY c.relname`;

/** Where the sequences of a schema are, but for those of TypeORM's own table. */
export async function sequencesOf(client: ClientBase, schema: string): Promise<DumpedSchema['sequences']> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c WHERE c.relnamespace = to_regnamespace(quote_ident($1)) AND c.relkind = 'S'
       AND c.relname <> $2 || '_id_seq' ORDER BY 1`,
    [schema, HISTORY],
  );
  const sequences: DumpedSchema['sequences'] = [];
  for (const { name } of rows) {
    const path = `${client.escapeIdentifier(schema)}.${client.escapeIdentifier(name)}`;
    const { rows: states } = await client.query<{ lastValue: string; isCalled: boolean }>(
      `SELECT last_value::text AS "lastValue", is_called AS "isCalled" FROM ${path}`,
    );
    for (const state of states) sequences.push({ name, ...state });
  }
  return sequences;
}

/** The migrations that have run in a schema, in that order. None where there is no such schema. */
export async function migrationsOf(client: ClientBase, schema: string): Promise<DumpedSchema['migrations']> {
  const path = `${client.escapeIdentifier(schema)}.${client.escapeIdentifier(HISTORY)}`;
  const { rows: found } = await client.query<{ exists: boolean }>('SELECT to_regclass($1) IS NOT NULL AS exists', [
    path,
  ]);
  if (!found[0]?.exists) return [];
  const { rows } = await client.query<{ name: string; timestamp: string }>(
    `SELECT name, "timestamp"::text FROM ${path} ORDER BY id`,
  );
  return rows.map(({ name, timestamp }) => ({ name, timestamp: Number(timestamp) }));
}

/** The tables of a schema in an order in which each comes after those that its foreign keys point to. */
export async function inOrderOfReferences<T extends { name: string }>(
  client: ClientBase,
  schema: string,
  tables: readonly T[],
): Promise<T[]> {
  const { rows } = await client.query<{ from: string; to: string }>(REFERENCES, [schema]);
  const ordered: T[] = [];
  const waiting = new Set(tables);
  const isFree = ({ name }: T) =>
    !rows.some(({ from, to }) => from === name && to !== name && [...waiting].some((other) => other.name === to));
  while (waiting.size > 0) {
    const free = [...waiting].filter(isFree);
    if (free.length === 0) throw new Error(`the foreign keys of ${schema} form a circle`);
    for (const table of free) waiting.delete(table);
    ordered.push(...free);
  }
  return ordered;
}

const REFERENCES = `
  SELECT f.relname AS from, t.relname AS to FROM pg_constraint c
  JOIN pg_class f ON f.oid = c.conrelid JOIN pg_class t ON t.oid = c.confrelid
  WHERE c.contype = 'f' AND c.connamespace = to_regnamespace(quote_ident($1))`;
