import pg from 'pg';

/**
 * Everything that a database shows: each table of every schema, and what its sessions are doing, row by row as text.
 * All of it is on disk afterwards, so that its files can be searched as well.
 */
export async function dumpDatabase(url: string): Promise<Map<string, string>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
        WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
    );
    const dump = new Map<string, string>();
    for (const { name } of [...tables, { name: 'pg_stat_activity' }]) {
      const { rows } = await client.query<{ row: string }>(`SELECT shown::text AS row FROM ${name} AS shown`);
      dump.set(name, rows.map(({ row }) => row).join('\n'));
    }
    await client.query('CHECKPOINT');
    return dump;
  } finally {
    await client.end();
  }
}
