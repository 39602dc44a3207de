import type { Client } from 'pg';
import { bounds } from './bounds.ts';

export interface ServiceRole {
  /** Name of the login role and of its schema. */
  name: string;
  password: string;
  /** Sessions that the role may have at once, over all replicas. Default: 30. */
  connections?: number;
}

/** Three services at 30 leave room for the admin under the server's default of 100. */
const CONNECTIONS = 30;

const settingsOf = (role: string): Readonly<Record<string, string>> => ({
  search_path: role,
  statement_timeout: String(bounds.statementTimeoutMs),
  lock_timeout: String(bounds.lockTimeoutMs),
  idle_in_transaction_session_timeout: String(bounds.idleInTransactionTimeoutMs),
  client_connection_check_interval: String(bounds.connectionCheckMs),
});

/**
 * Makes a service's login role as it has to be, whatever it was before. Postgres lets every role change its own password and
 * the settings that its sessions begin with, and nothing can forbid that; so each run sets them again.
 * @returns names of settings that were not as the last run left them; none for a new role
 */
export async function ensureRole(admin: Client, role: ServiceRole): Promise<string[]> {
  const name = admin.escapeIdentifier(role.name);
  const exists = await admin.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role.name]);
  if (exists.rowCount === 0) await admin.query(`CREATE ROLE ${name} LOGIN`);
  const changed = await changedSettings(admin, role.name);
  // In one transaction: a service that logs in meanwhile finds all of it or all of what was.
  await admin.query('BEGIN');
  await admin.query(
    `ALTER ROLE ${name} LOGIN PASSWORD ${admin.escapeLiteral(role.password)} CONNECTION LIMIT ${role.connections ?? CONNECTIONS}`,
  );
  await resetSettings(admin, role.name);
  for (const [setting, value] of Object.entries(settingsOf(role.name))) {
    await admin.query(`ALTER ROLE ${name} SET ${setting} TO ${admin.escapeLiteral(value)}`);
  }
  await admin.query('COMMIT');
  return changed;
}

interface Setting {
  database: string | null;
  setting: string;
  value: string;
}

const SETTINGS = `
  SELECT d.datname AS database, split_part(entry, '=', 1) AS setting, substr(entry, strpos(entry, '=') + 1) AS value
  FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole LEFT JOIN pg_database d ON d.oid = s.setdatabase,
    unnest(s.setconfig) AS entry
  WHERE r.rolname = $1`;

async function changedSettings(admin: Client, role: string): Promise<string[]> {
  const { rows } = await admin.query<Setting>(SETTINGS, [role]);
  // Before this job set bounds there was the search path alone.
  if (rows.every(({ setting }) => setting === 'search_path')) return [];
  const expected = settingsOf(role);
  const strange = rows.filter(({ database, setting, value }) => database !== null || expected[setting] !== value);
  const gone = Object.keys(expected).filter((name) => !rows.some((row) => row.setting === name));
  return [...new Set([...strange.map(({ setting }) => setting), ...gone])].sort();
}

async function resetSettings(admin: Client, role: string): Promise<void> {
  const name = admin.escapeIdentifier(role);
  await admin.query(`ALTER ROLE ${name} RESET ALL`);
  const { rows } = await admin.query<Setting>(SETTINGS, [role]);
  for (const database of new Set(rows.flatMap((row) => row.database ?? []))) {
    await admin.query(`ALTER ROLE ${name} IN DATABASE ${admin.escapeIdentifier(database)} RESET ALL`);
  }
}
