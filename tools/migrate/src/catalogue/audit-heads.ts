import { createHash } from 'node:crypto';
import type { ClientBase } from 'pg';
import type { Manifest } from '../dump/manifest.ts';

/** How many chains the audit log has, and a digest of where they end. Null where the log is not chained yet, or not there. */
export async function auditHeads(client: ClientBase): Promise<Manifest['auditHeads']> {
  const { rows: found } = await client.query<{ exists: boolean }>(
    `SELECT to_regclass('auth.audit_heads') IS NOT NULL AS exists`,
  );
  if (!found[0]?.exists) return null;
  const { rows } = await client.query<{ line: string }>(
    `SELECT concat_ws(' ', chain, seq, encode(hash, 'hex')) AS line FROM auth.audit_heads ORDER BY chain COLLATE "C"`,
  );
  const digest = createHash('sha256');
  for (const { line } of rows) digest.update(`${line}\n`);
  return { chains: rows.length, sha256: digest.digest('hex') };
}

/**
 * Chains that do not end where their head says, by name, or whose head lacks its chain.
 * @returns none where the log is not chained yet
 */
export async function brokenChains(client: ClientBase): Promise<string[]> {
  if (!(await auditHeads(client))) return [];
  const { rows } = await client.query<{ chain: string }>(BROKEN);
  return rows.map(({ chain }) => chain);
}

/** A chain all of whose entries were dropped for their age ends at its cut. */
const BROKEN = `
  WITH ends AS (
    SELECT DISTINCT ON (chain) chain, seq, hash FROM (
      SELECT coalesce(team_id, 'people') AS chain, seq, hash FROM auth.audit_entries
      UNION ALL SELECT chain, seq, hash FROM auth.audit_cuts) AS places
    ORDER BY chain, seq DESC)
  SELECT coalesce(h.chain, e.chain) AS chain FROM auth.audit_heads h FULL JOIN ends e ON e.chain = h.chain
  WHERE h.seq IS DISTINCT FROM e.seq OR h.hash IS DISTINCT FROM e.hash
  ORDER BY 1`;
