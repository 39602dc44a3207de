export const BALANCE = `
  SELECT coalesce((SELECT json_object_agg(account, balance_nano_usd::text) FROM ledger_accounts WHERE team_id = $1), '{}') AS accounts,
    coalesce((SELECT held_nano_usd FROM budget_scopes WHERE team_id = $1 AND kind = 'balance'), 0)::text AS held`;

export const BOOK = 'SELECT book_money($1, $2, $3, $4, $5, $6, $7) AS "isNew"';

/** What a team had less what it owed, before a moment; and what usage came to between two. */
export const MONTH = `
  SELECT
    coalesce(sum(funds) FILTER (WHERE charged_at < $2), 0)::text AS opening, coalesce(sum(funds), 0)::text AS closing,
    coalesce(sum(used) FILTER (WHERE charged_at >= $2), 0)::text AS used,
    coalesce(sum(waived) FILTER (WHERE charged_at >= $2), 0)::text AS waived
  FROM ledger_transfers CROSS JOIN LATERAL (SELECT
    amount_nano_usd * ((credit IN ('funds', 'receivable'))::int - (debit IN ('funds', 'receivable'))::int) AS funds,
    amount_nano_usd * ((credit = 'revenue')::int - (debit = 'revenue')::int) AS used,
    amount_nano_usd * ((debit = 'waived')::int - (credit = 'waived')::int) AS waived) AS part
  WHERE team_id = $1 AND charged_at < $3`;

export const DAYS = `
  SELECT to_char(charged_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, count(*)::int AS entries,
    sum(CASE credit WHEN 'revenue' THEN amount_nano_usd ELSE -amount_nano_usd END)::text AS "usedNanoUsd"
  FROM ledger_transfers WHERE team_id = $1 AND charged_at >= $2 AND charged_at < $3 AND request_id IS NOT NULL
  GROUP BY 1 ORDER BY 1`;

export const MONEY = `
  SELECT at, kind, debit, credit, amount_nano_usd::text AS "amountNanoUsd", reason, actor
  FROM ledger_transfers WHERE team_id = $1 AND charged_at >= $2 AND charged_at < $3 AND request_id IS NULL
  ORDER BY charged_at, id LIMIT 1000`;

export const IS_BOOKED =
  'SELECT EXISTS (SELECT FROM ledger_transfers WHERE team_id = $1 AND idempotency_key = $2) AS "isBooked"';

export const LIST_MONEY = `
  SELECT id::text, at, kind, debit, credit, amount_nano_usd::text AS "amountNanoUsd", reason, actor, reference
  FROM ledger_transfers WHERE team_id = $1 AND request_id IS NULL AND id < coalesce($2::bigint, 9223372036854775807)
  ORDER BY id DESC LIMIT $3`;

export const BURN = `
  SELECT coalesce(sum(cost_nano_usd) FILTER (WHERE at > clock_timestamp() - interval '24 hours'), 0)::text AS "dayNanoUsd",
    coalesce(sum(cost_nano_usd), 0)::text AS "weekNanoUsd"
  FROM usage_hours WHERE team_id = $1 AND at > clock_timestamp() - interval '7 days'`;
