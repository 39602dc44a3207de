import { ACCOUNTS, SCOPES_LOCK } from './tables.ts';

/** With the rights of the tables' owner, hence a search path that nobody else chooses. */
export const definer = (schema: string) => `SECURITY DEFINER SET search_path = ${schema}, pg_temp`;

/**
 * Makes these teams' books where there are none, and locks their balances in one order until the transaction ends: whoever
 * books, holds or releases takes this lock first, so nobody dead-locks, and what was read after it stands.
 */
const lockBooks = (schema: string) => `
  CREATE FUNCTION lock_books(teams text[]) RETURNS void LANGUAGE plpgsql ${definer(schema)} AS $$
  BEGIN
    IF EXISTS (SELECT FROM unnest(teams) AS t (id)
      WHERE NOT EXISTS (SELECT FROM budget_scopes WHERE team_id = t.id AND kind = 'balance')) THEN
      INSERT INTO ledger_accounts (team_id, account, balance_nano_usd)
        SELECT t.id, a.name, 0 FROM unnest(teams) AS t (id), unnest(ARRAY['${Object.keys(ACCOUNTS).join("','")}']) AS a (name)
        ORDER BY 1, 2 ON CONFLICT DO NOTHING;
      INSERT INTO budget_scopes (team_id, kind, subject, period, starts_at, cap_nano_usd)
        SELECT DISTINCT t.id, 'balance', '', 'total', to_timestamp(0), 0 FROM unnest(teams) AS t (id) ORDER BY 1 ON CONFLICT DO NOTHING;
    END IF;
    PERFORM FROM budget_scopes WHERE team_id = ANY (teams) AND kind = 'balance' ORDER BY team_id FOR NO KEY UPDATE;
  END
  $$`;

/**
 * Makes scopes that are not there yet, each with what its window has spent already. A scope that is there stays as it is, but for
 * its cap: that becomes what is asked for. `starts` is where the window begins (UTC); of `total`, 1970.
 */
const openScopes = (schema: string) => `
  CREATE FUNCTION open_scopes(teams text[], kinds text[], subjects text[], periods text[], starts timestamptz[], caps bigint[])
  RETURNS void LANGUAGE plpgsql ${definer(schema)} AS $$
  BEGIN
    -- Alone: usage that is being booked is either in the sums below, or finds the scope.
    PERFORM pg_advisory_xact_lock(${SCOPES_LOCK});
    INSERT INTO budget_scopes AS s (team_id, kind, subject, period, starts_at, ends_at, cap_nano_usd, spent_nano_usd, over_nano_usd)
    SELECT w.team_id, w.kind, w.subject, w.period, w.starts_at, w.ends_at, w.cap, past.spent, greatest(0, past.spent - w.cap)
    FROM (
      SELECT DISTINCT ON (1, 2, 3, 4, 5) asked.*, CASE period WHEN 'total' THEN NULL
        ELSE (starts_at AT TIME ZONE 'UTC' + ('1 ' || period)::interval) AT TIME ZONE 'UTC' END AS ends_at
      FROM unnest(teams, kinds, subjects, periods, starts, caps) AS asked (team_id, kind, subject, period, starts_at, cap)
      WHERE kind <> 'balance' ORDER BY 1, 2, 3, 4, 5
    ) AS w CROSS JOIN LATERAL (
      SELECT coalesce(sum(d.spent_nano_usd), 0)::bigint AS spent FROM spend_days d
      WHERE d.team_id = w.team_id AND d.day >= w.starts_at AND (w.ends_at IS NULL OR d.day < w.ends_at)
        AND CASE w.kind WHEN 'lineage' THEN d.lineage = w.subject WHEN 'member' THEN d.member = w.subject ELSE true END
    ) AS past
    ORDER BY 1, 2, 3, 4, 5
    ON CONFLICT (team_id, kind, subject, period, starts_at) DO UPDATE SET cap_nano_usd = excluded.cap_nano_usd,
      over_nano_usd = greatest(0, s.spent_nano_usd + s.held_nano_usd - excluded.cap_nano_usd)
      WHERE s.cap_nano_usd IS DISTINCT FROM excluded.cap_nano_usd;
  END
  $$`;

/** By name and argument types, each for a schema. */
export const FUNCTIONS: Record<string, (schema: string) => string> = {
  'lock_books(text[])': lockBooks,
  'open_scopes(text[], text[], text[], text[], timestamptz[], bigint[])': openScopes,
};
