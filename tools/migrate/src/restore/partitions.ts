import type { ClientBase } from 'pg';
import { tableName } from '../catalogue/names.ts';
import { tablesOf } from '../catalogue/tables.ts';
import type { DumpedSchema } from '../dump/manifest.ts';

/** Makes the partitions that the dump has and the migrations of today did not make: months long past, mostly. */
export async function makePartitions(client: ClientBase, { name: schema, tables }: DumpedSchema): Promise<void> {
  const made = await tablesOf(client, schema);
  for (const { name, partitions } of tables) {
    const there = new Set(made.find((table) => table.name === name)?.partitions.map((partition) => partition.name));
    for (const partition of partitions) {
      if (!there.has(partition.name)) await makePartition(client, { schema, parent: name, ...partition });
    }
  }
}

interface Wanted {
  schema: string;
  parent: string;
  name: string;
  from: string;
  to: string;
}

async function makePartition(client: ClientBase, { schema, parent, name, from, to }: Wanted): Promise<void> {
  const [table, whole] = [tableName(schema, name), tableName(schema, parent)];
  await client.query(`CREATE TABLE ${table} (LIKE ${whole} INCLUDING CONSTRAINTS INCLUDING INDEXES)`);
  await client.query(
    `ALTER TABLE ${whole} ATTACH PARTITION ${table} FOR VALUES FROM (${client.escapeLiteral(from)}) TO (${client.escapeLiteral(to)})`,
  );
  // What the whole allows nobody is not to be had of one of its parts.
  const { rows } = await client.query<{ may: boolean }>('SELECT has_table_privilege($1, $2, $3) AS may', [
    schema,
    tableName(schema, `${parent}_default`),
    'INSERT',
  ]);
  if (!rows[0]?.may) await client.query(`REVOKE ALL ON ${table} FROM ${client.escapeIdentifier(schema)}`);
}
