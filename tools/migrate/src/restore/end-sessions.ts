import type { ClientBase } from 'pg';

const TABLES = ['auth.sessions', 'auth.pending_sign_ins'] as const;

/**
 * Ends every session and every sign-in under way: who has signed out, or was signed out, since the dump was taken must not be
 * signed in again by it, and signing in costs the others a moment.
 * @returns how many sessions there were
 */
export async function endSessions(client: ClientBase): Promise<number> {
  let ended = 0;
  for (const table of TABLES) {
    const { rowCount: exists } = await client.query('SELECT 1 WHERE to_regclass($1) IS NOT NULL', [table]);
    if (exists === 0) continue;
    const { rowCount } = await client.query(`DELETE FROM ${table}`);
    if (table === 'auth.sessions') ended = rowCount ?? 0;
  }
  return ended;
}
