import type { ClientBase } from 'pg';

/** What a restore takes back, as far as the database that it replaced knew: access that had ended since the dump was taken. */
export interface Revived {
  keys: { id: string; teamId: string; name: string }[];
  members: { teamId: string; userId: string }[];
  teams: string[];
}

/** Longest lists that are told; nobody reads more. */
const MOST = 10_000;

/** Rows as JSON, because the database may be of another release than this one. */
const REMEMBER = {
  keys: `SELECT id AS what FROM key_registry.api_keys k, to_jsonb(k) AS state WHERE state->>'revoked_at' IS NOT NULL
    OR state->>'disabled_at' IS NOT NULL OR state->>'suspended_at' IS NOT NULL OR (state->>'expires_at')::timestamptz <= now()`,
  members: `SELECT team_id || ' ' || user_id AS what FROM auth.memberships`,
  teams: `SELECT id AS what FROM auth.teams t, to_jsonb(t) AS state WHERE state->>'standing' = 'suspended'
    OR state->>'deleted_at' IS NOT NULL`,
};

/** Keeps for the rest of the transaction whose access has ended, and who is a member where. */
export async function rememberState(client: ClientBase): Promise<void> {
  await client.query('CREATE TEMP TABLE former_access (kind text NOT NULL, what text NOT NULL) ON COMMIT DROP');
  const tables = { keys: 'key_registry.api_keys', members: 'auth.memberships', teams: 'auth.teams' };
  for (const [kind, query] of Object.entries(REMEMBER) as [keyof typeof REMEMBER, string][]) {
    const { rowCount } = await client.query('SELECT 1 WHERE to_regclass($1) IS NOT NULL', [tables[kind]]);
    if (rowCount !== 0) await client.query(`INSERT INTO former_access SELECT $1, f.what FROM (${query}) AS f`, [kind]);
  }
}

/** What had ended and is there again. */
export async function findRevived(client: ClientBase): Promise<Revived> {
  const keys = await client.query<Revived['keys'][number]>(
    `SELECT k.id, k.team_id AS "teamId", k.name FROM key_registry.api_keys k
     JOIN former_access f ON f.kind = 'keys' AND f.what = k.id
     WHERE NOT EXISTS (SELECT 1 FROM (${REMEMBER.keys}) AS ended WHERE ended.what = k.id) ORDER BY 1 LIMIT ${MOST}`,
  );
  const members = await client.query<Revived['members'][number]>(
    `SELECT m.team_id AS "teamId", m.user_id AS "userId" FROM auth.memberships m
     WHERE NOT EXISTS (SELECT 1 FROM former_access f WHERE f.kind = 'members' AND f.what = m.team_id || ' ' || m.user_id)
     ORDER BY 1, 2 LIMIT ${MOST}`,
  );
  const teams = await client.query<{ id: string }>(
    `SELECT t.id FROM auth.teams t JOIN former_access f ON f.kind = 'teams' AND f.what = t.id
     WHERE NOT EXISTS (SELECT 1 FROM (${REMEMBER.teams}) AS ended WHERE ended.what = t.id) ORDER BY 1 LIMIT ${MOST}`,
  );
  return { keys: keys.rows, members: members.rows, teams: teams.rows.map(({ id }) => id) };
}

/** How many usage rows were settled after the dump was taken: they are not in it. */
export async function countUsageSince(client: ClientBase, takenAt: string): Promise<number> {
  const { rowCount } = await client.query(`SELECT 1 WHERE to_regclass('usage_metering.usage_rows') IS NOT NULL`);
  if (rowCount === 0) return 0;
  const { rows } = await client.query<{ count: string }>(
    'SELECT count(*) AS count FROM usage_metering.usage_rows WHERE recorded_at > $1',
    [takenAt],
  );
  return Number(rows[0]?.count);
}
