const COLUMNS = `id, team_id AS "teamId", user_id AS "userId", amount_nano_usd::text AS "amountNanoUsd",
  CASE state WHEN 'opening' THEN 'open' ELSE state END AS state, CASE state WHEN 'open' THEN url END AS url,
  opened_at AS "openedAt", expires_at AS "expiresAt", session_id AS "sessionId", payment_intent AS "paymentIntent"`;

/** One transaction at a time opens payments of a team. */
export const LOCK = `SELECT pg_advisory_xact_lock(7214305, hashtext($1))`;

export const COUNT_OPEN = `
  SELECT count(*)::int AS open FROM payments
  WHERE team_id = $1 AND state IN ('opening', 'open') AND expires_at > clock_timestamp()`;

/** Until its page is known, a payment is open for a minute. */
export const BEGIN = `
  INSERT INTO payments (id, team_id, user_id, amount_nano_usd, state, expires_at)
  VALUES ($1, $2, $3, $4, 'opening', clock_timestamp() + interval '1 minute')`;

export const OPENED = `
  UPDATE payments SET session_id = coalesce(session_id, $2), url = coalesce(url, $3), expires_at = $4,
    state = CASE state WHEN 'opening' THEN 'open' ELSE state END WHERE id = $1 RETURNING ${COLUMNS}`;

/** What is paid stays paid, and what has ended otherwise can only turn out to be paid: words come in any order. */
export const STAND = `
  UPDATE payments SET session_id = coalesce(session_id, $2), payment_intent = coalesce(payment_intent, $3),
    state = CASE WHEN $4 = 'paid' OR state IN ('opening', 'open') OR (state = 'pending' AND $4 <> 'open') THEN $4 ELSE state END
  WHERE id = $1 RETURNING ${COLUMNS}`;

export const FIND = `SELECT ${COLUMNS} FROM payments WHERE id = $1`;
export const BY_SESSION = `SELECT ${COLUMNS} FROM payments WHERE session_id = $1`;
export const BY_INTENT = `SELECT ${COLUMNS} FROM payments WHERE payment_intent = $1`;
export const NEWEST = `SELECT ${COLUMNS} FROM payments WHERE team_id = $1 ORDER BY opened_at DESC LIMIT $2`;

export const HEARD_BEFORE = 'SELECT taken FROM payment_events WHERE id = $1';

/** Stripe repeats for three days; what is older than 90 goes, a little each time. */
export const HEARD = `
  WITH old AS (SELECT id FROM payment_events WHERE heard_at < clock_timestamp() - interval '90 days' LIMIT 100),
    gone AS (DELETE FROM payment_events e USING old WHERE e.id = old.id)
  INSERT INTO payment_events (id, kind, outcome, taken) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING`;

export const NOTE_DISPUTE = `
  INSERT INTO payment_disputes (id, team_id, suspension)
  SELECT $1, $2, CASE WHEN $3 AND a.balance_nano_usd < 0 THEN 'due' ELSE 'none' END
  FROM ledger_accounts a WHERE a.team_id = $2 AND a.account = 'receivable'
  ON CONFLICT (id) DO NOTHING`;

export const DUE = `SELECT id, team_id AS "teamId" FROM payment_disputes WHERE suspension = 'due' ORDER BY at LIMIT 100`;
export const SUSPENDED = `UPDATE payment_disputes SET suspension = 'done' WHERE id = $1`;
