import type { Client } from 'pg';

/** Everybody may use these by default; no service has large objects. */
const LARGE_OBJECTS = `
  SELECT p.oid::regprocedure::text AS signature FROM pg_proc p
  WHERE p.pronamespace = 'pg_catalog'::regnamespace
    AND p.proname IN ('lo_creat', 'lo_create', 'lo_from_bytea', 'lo_open', 'lo_put', 'lo_get', 'lo_unlink', 'lowrite', 'loread')
    AND has_function_privilege('public', p.oid, 'EXECUTE')`;

/** Databases of this server that a role may log in to, beside this one. */
const OTHERS = `
  SELECT d.datname AS name FROM pg_database d
  WHERE d.datallowconn AND d.datname <> current_database()
    AND has_database_privilege($1::name, d.oid, 'CONNECT')
  ORDER BY 1`;

/**
 * Takes from everybody what Postgres gives to everybody: logging in to this database and to the server's own two, temporary
 * tables, the schema public, large objects. Service roles get this database back, and nothing else.
 * @returns what only the server's owner can close, a line each; empty when all is closed
 */
export async function closeDatabases(admin: Client, roles: readonly string[]): Promise<string[]> {
  const { rows } = await admin.query<{ name: string }>(
    "SELECT datname AS name FROM pg_database WHERE datname IN (current_database(), 'postgres', 'template1')",
  );
  for (const { name } of rows)
    await attempt(admin, `REVOKE ALL ON DATABASE ${admin.escapeIdentifier(name)} FROM PUBLIC`);
  const signatures = (await admin.query<{ signature: string }>(LARGE_OBJECTS)).rows;
  for (const { signature } of signatures)
    await attempt(admin, `REVOKE ALL ON FUNCTION pg_catalog.${signature} FROM PUBLIC`);
  await attempt(admin, 'REVOKE ALL ON SCHEMA public FROM PUBLIC');
  await grantConnect(admin, roles);
  const open = new Set<string>();
  for (const role of roles) {
    for (const { name } of (await admin.query<{ name: string }>(OTHERS, [role])).rows) open.add(name);
  }
  const notices = [...open].map((name) => `services may log in to the database ${name}, whose owner can forbid it`);
  const isOpen = ((await admin.query(LARGE_OBJECTS)).rowCount ?? 0) > 0;
  return isOpen ? [...notices, 'services may make large objects, which the owner of the server can forbid'] : notices;
}

async function grantConnect(admin: Client, roles: readonly string[]): Promise<void> {
  const { rows } = await admin.query<{ name: string }>('SELECT current_database() AS name');
  const own = admin.escapeIdentifier(rows[0]?.name ?? '');
  for (const role of roles) await admin.query(`GRANT CONNECT ON DATABASE ${own} TO ${admin.escapeIdentifier(role)}`);
}

/** Where the admin does not own the whole server, some of this is the server's owner to do. */
async function attempt(admin: Client, statement: string): Promise<void> {
  try {
    await admin.query(statement);
  } catch (error) {
    if ((error as { code?: string }).code !== '42501') throw error;
  }
}
