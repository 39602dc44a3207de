/** At which shares a team is told that has chosen none. */
export const USUAL = '{50,80,100}';

/** Of an alert `a`. */
const COLUMNS = `a.id::text, a.team_id AS "teamId", a.kind, a.subject, a.period, a.percent, a.limit_nano_usd::text AS "limitNanoUsd",
  a.used_nano_usd::text AS "usedNanoUsd", a.opened_at AS "openedAt", a.closed_at AS "closedAt", EXISTS (SELECT FROM budget_scopes s
    WHERE (s.team_id, s.kind, s.subject, s.period, s.starts_at) = (a.team_id, a.kind, a.subject, a.period, a.starts_at) AND s.is_soft) AS "isSoft"`;

/** What balances were when money last came in, of the teams $1. */
export const MARK = `
  INSERT INTO balance_marks AS m (team_id, base_nano_usd, money_id)
  SELECT s.team_id, s.cap_nano_usd, coalesce(money.id, 0) FROM budget_scopes s
  CROSS JOIN LATERAL (SELECT max(t.id) AS id FROM ledger_transfers t
    WHERE t.team_id = s.team_id AND t.request_id IS NULL AND t.credit = 'funds') AS money
  WHERE s.team_id = ANY ($1) AND s.kind = 'balance' ORDER BY 1
  ON CONFLICT (team_id) DO UPDATE SET base_nano_usd = excluded.base_nano_usd, money_id = excluded.money_id
  WHERE excluded.money_id > m.money_id`;

/**
 * Opens an alert for each share of each limit that is used up now, and closes those whose limit is not used so far any more, has
 * ended or was lifted. Of the teams $1. All of a limit is used up, too, where what is left did not cover a request ($2 to $7) that
 * the whole limit would have: that holds until the limit is another one, or less of it is used.
 */
export const CHECK = `
  WITH watched AS MATERIALIZED (
    SELECT s.team_id, s.kind, s.subject, s.period, s.starts_at, s.cap_nano_usd AS most, s.spent_nano_usd AS used
    FROM budget_scopes s WHERE s.team_id = ANY ($1) AND s.kind <> 'balance' AND s.cap_nano_usd > 0
      AND (s.ends_at IS NULL OR s.ends_at > clock_timestamp())
    UNION ALL
    SELECT s.team_id, s.kind, s.subject, s.period, s.starts_at, m.base_nano_usd, m.base_nano_usd - s.cap_nano_usd
    FROM budget_scopes s JOIN balance_marks m USING (team_id)
    WHERE s.team_id = ANY ($1) AND s.kind = 'balance' AND m.base_nano_usd > 0
  ), refused AS MATERIALIZED (
    SELECT w.team_id, w.kind, w.subject, w.period, w.starts_at FROM watched w
    JOIN unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::bigint[])
      AS r (team_id, kind, subject, period, starts_at, needed) USING (team_id, kind, subject, period, starts_at)
    WHERE r.needed <= w.most AND w.used::numeric + r.needed > w.most
    UNION
    SELECT w.team_id, w.kind, w.subject, w.period, w.starts_at FROM watched w
    JOIN alerts a USING (team_id, kind, subject, period, starts_at)
    WHERE a.closed_at IS NULL AND a.percent = 100 AND a.limit_nano_usd = w.most AND w.used >= a.used_nano_usd
  ), due AS MATERIALIZED (
    SELECT w.*, p.percent FROM watched w LEFT JOIN alert_settings a USING (team_id)
    CROSS JOIN LATERAL unnest(coalesce(a.percents, '${USUAL}')) AS p (percent)
    WHERE w.used::numeric * 100 >= w.most::numeric * p.percent
      OR p.percent = 100 AND (w.team_id, w.kind, w.subject, w.period, w.starts_at) IN (SELECT * FROM refused)
  ), closed AS (
    UPDATE alerts a SET closed_at = clock_timestamp() WHERE a.team_id = ANY ($1) AND a.closed_at IS NULL
      AND NOT EXISTS (SELECT FROM due d WHERE (d.team_id, d.kind, d.subject, d.period, d.starts_at, d.percent)
        = (a.team_id, a.kind, a.subject, a.period, a.starts_at, a.percent))
    RETURNING ${COLUMNS}
  ), opened AS (
    INSERT INTO alerts AS a (team_id, kind, subject, period, starts_at, percent, limit_nano_usd, used_nano_usd)
    SELECT team_id, kind, subject, period, starts_at, percent, most, used FROM due
    ORDER BY team_id, kind, subject, period, starts_at, percent
    ON CONFLICT (team_id, kind, subject, period, starts_at, percent) WHERE closed_at IS NULL DO NOTHING
    RETURNING ${COLUMNS}
  )
  SELECT * FROM closed UNION ALL SELECT * FROM opened`;

/**
 * The first after $1 that nobody was told of, and no other replica tells now. Of several shares that were passed at once, the people
 * are told of the largest; the others are settled with it.
 */
export const UNTOLD = `
  SELECT ${COLUMNS} FROM alerts a WHERE told_at IS NULL AND closed_at IS NULL AND a.id > $1
    AND NOT EXISTS (SELECT FROM alerts b WHERE (b.team_id, b.kind, b.subject, b.period, b.starts_at) = (a.team_id, a.kind, a.subject, a.period, a.starts_at)
      AND b.closed_at IS NULL AND b.percent > a.percent AND b.told_at IS NULL)
  ORDER BY a.id LIMIT 1 FOR UPDATE OF a SKIP LOCKED`;

export const TOLD = `
  UPDATE alerts a SET told_at = clock_timestamp() FROM alerts b WHERE b.id = $1 AND a.told_at IS NULL AND a.percent <= b.percent
    AND (a.team_id, a.kind, a.subject, a.period, a.starts_at) = (b.team_id, b.kind, b.subject, b.period, b.starts_at)`;

export const PERCENTS = `SELECT coalesce((SELECT percents FROM alert_settings WHERE team_id = $1), '${USUAL}') AS percents`;
export const CHOOSE = `
  INSERT INTO alert_settings (team_id, percents) VALUES ($1, $2) ON CONFLICT (team_id) DO UPDATE SET percents = excluded.percents`;
export const LIST = `
  SELECT ${COLUMNS} FROM alerts a WHERE team_id = $1 ORDER BY (closed_at IS NULL) DESC, opened_at DESC, a.id DESC LIMIT $2`;

/** Teams after $1 that have limits, a page of them. */
export const TEAMS = `
  SELECT DISTINCT team_id AS "teamId" FROM budget_scopes WHERE team_id > $1 ORDER BY 1 LIMIT 200`;
