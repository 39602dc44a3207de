import { definer, FUNCTIONS as BOOKS } from '../books/functions.ts';

const OPEN = 'open_scopes(text[], text[], text[], text[], timestamptz[], bigint[])';
const CAP = 'DO UPDATE SET cap_nano_usd = excluded.cap_nano_usd,';
const CHANGED = 'WHERE s.cap_nano_usd IS DISTINCT FROM excluded.cap_nano_usd';

/** `open_scopes` as it was. */
export const formerOpenScopes = (schema: string) => BOOKS[OPEN]?.(schema).replace('CREATE FUNCTION', REPLACE) ?? '';

const REPLACE = 'CREATE OR REPLACE FUNCTION';

/** Whoever draws from a scope is refused by it: it does not only warn any more. */
export const openScopes = (schema: string) =>
  formerOpenScopes(schema).replace(CAP, `${CAP} is_soft = false,`).replace(CHANGED, `${CHANGED} OR s.is_soft`);

/** Has the books count by scopes that only warn: makes those that are not there, and says how they stand. */
const watchScopes = (schema: string) => `
  CREATE FUNCTION watch_scopes(team text, kinds text[], subjects text[], periods text[], starts timestamptz[], caps bigint[])
  RETURNS TABLE (place bigint, spent bigint, held bigint, ends timestamptz) LANGUAGE plpgsql ${definer(schema)} AS $$
  BEGIN
    IF EXISTS (
      SELECT FROM unnest(kinds, subjects, periods, starts, caps) AS a (kind, subject, period, starts_at, cap)
      LEFT JOIN budget_scopes s ON (s.team_id, s.kind, s.subject, s.period, s.starts_at) = (team, a.kind, a.subject, a.period, a.starts_at)
      WHERE s.is_soft IS NOT TRUE OR s.cap_nano_usd IS DISTINCT FROM a.cap
    ) THEN
      PERFORM open_scopes(array_fill(team, ARRAY[cardinality(kinds)]), kinds, subjects, periods, starts, caps);
      UPDATE budget_scopes s SET is_soft = true
      FROM unnest(kinds, subjects, periods, starts) AS a (kind, subject, period, starts_at)
      WHERE (s.team_id, s.kind, s.subject, s.period, s.starts_at) = (team, a.kind, a.subject, a.period, a.starts_at)
        AND s.kind <> 'balance' AND NOT s.is_soft;
    END IF;
    RETURN QUERY SELECT a.place, s.spent_nano_usd, s.held_nano_usd, s.ends_at
      FROM unnest(kinds, subjects, periods, starts) WITH ORDINALITY AS a (kind, subject, period, starts_at, place)
      JOIN budget_scopes s ON (s.team_id, s.kind, s.subject, s.period, s.starts_at) = (team, a.kind, a.subject, a.period, a.starts_at);
  END
  $$`;

/** By name and argument types, each for a schema. */
export const FUNCTIONS: Record<string, (schema: string) => string> = {
  'watch_scopes(text, text[], text[], text[], timestamptz[], bigint[])': watchScopes,
};
