import { SCOPES_LOCK } from './tables.ts';

/** What a row of usage is charged: nobody pays for what was not released, and nothing from before the ledger. */
const CHARGE = `CASE WHEN r.outcome = 'withheld' OR r.before_ledger THEN 0 ELSE r.sign * r.cost_nano_usd END`;

/** The rows that a statement has written and taken away, by what it does. */
const changes = {
  inserted: { kind: 'usage', anyOf: 'new_rows', rows: 'SELECT *, 1 AS sign FROM new_rows' },
  updated: {
    kind: 'correction',
    anyOf: 'new_rows',
    rows: 'SELECT *, 1 AS sign FROM new_rows UNION ALL SELECT *, -1 AS sign FROM old_rows',
  },
  deleted: { kind: 'correction', anyOf: 'old_rows', rows: 'SELECT *, -1 AS sign FROM old_rows' },
} as const;
export type Change = keyof typeof changes;
export const CHANGES = Object.keys(changes) as Change[];

/**
 * Each request's difference, placed. A charge comes out of the team's funds as far as they are not held, the rest is owed; what
 * is given back settles what is owed first. Requests share a team's room in the order of their ids, so the same statement always
 * ends in the same entries.
 */
const placed = (rows: string) => `
  change AS MATERIALIZED (
    SELECT r.request_id, r.team_id, r.started_at, r.billing = 'off' AS is_free,
      CASE r.source WHEN 'playground' THEN '' ELSE coalesce(r.lineage_id, '') END AS lineage, coalesce(r.owner_id, '') AS member,
      sum(${CHARGE})::bigint AS amount
    FROM (${rows}) AS r GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(${CHARGE}) <> 0
  ), room AS MATERIALIZED (
    SELECT s.team_id, s.cap_nano_usd - s.held_nano_usd AS free, -a.balance_nano_usd AS owed
    FROM (SELECT DISTINCT team_id FROM change) AS t
    JOIN budget_scopes s ON s.team_id = t.team_id AND s.kind = 'balance'
    JOIN ledger_accounts a ON a.team_id = t.team_id AND a.account = 'receivable'
  ), placed AS (
    SELECT c.*, abs(c.amount) AS whole, CASE WHEN c.is_free THEN abs(c.amount) ELSE greatest(0, least(abs(c.amount),
      CASE WHEN c.amount > 0 THEN room.free ELSE room.owed END - sum(abs(c.amount)) OVER before_it + abs(c.amount))) END AS first
    FROM change c JOIN room USING (team_id)
    WINDOW before_it AS (PARTITION BY c.team_id, c.is_free, c.amount > 0 ORDER BY c.request_id)
  )`;

/** The entries of each placed difference: at most two. */
const entries = `
  entry AS MATERIALIZED (
    SELECT p.request_id, p.team_id, p.started_at, e.debit, e.credit, e.amount::bigint AS amount
    FROM placed p CROSS JOIN LATERAL (VALUES
      (CASE WHEN p.is_free THEN 'waived' WHEN p.amount > 0 THEN 'funds' ELSE 'receivable' END, p.first),
      (CASE WHEN p.amount > 0 THEN 'receivable' ELSE 'funds' END, p.whole - p.first)) AS part (account, amount)
    CROSS JOIN LATERAL (SELECT CASE WHEN p.amount > 0 THEN part.account ELSE 'revenue' END AS debit,
      CASE WHEN p.amount > 0 THEN 'revenue' ELSE part.account END AS credit, part.amount) AS e
    WHERE e.amount > 0
  )`;

const book = (kind: string) => `
  written AS (
    INSERT INTO ledger_transfers (team_id, charged_at, kind, debit, credit, amount_nano_usd, request_id)
    SELECT team_id, started_at, '${kind}', debit, credit, amount, request_id FROM entry ORDER BY team_id, started_at, request_id
  ), moved AS MATERIALIZED (
    SELECT team_id, side.account, sum(side.amount)::bigint AS amount
    FROM entry CROSS JOIN LATERAL (VALUES (debit, -amount), (credit, amount)) AS side (account, amount) GROUP BY 1, 2
  ), balanced AS (
    UPDATE ledger_accounts a SET balance_nano_usd = a.balance_nano_usd + moved.amount
    FROM moved WHERE a.team_id = moved.team_id AND a.account = moved.account
  ), funded AS (
    UPDATE budget_scopes s SET cap_nano_usd = s.cap_nano_usd + moved.amount
    FROM moved WHERE moved.account = 'funds' AND s.team_id = moved.team_id AND s.kind = 'balance'
  )`;

const spend = `
  spent AS MATERIALIZED (
    SELECT team_id, lineage, date_trunc('day', started_at, 'UTC') AS day, member, sum(amount)::bigint AS amount
    FROM change GROUP BY 1, 2, 3, 4
  ), kept AS (
    INSERT INTO spend_days AS d (team_id, lineage, day, member, spent_nano_usd)
    SELECT * FROM spent WHERE amount <> 0 ORDER BY team_id, lineage, day, member
    ON CONFLICT (team_id, lineage, day, member) DO UPDATE SET spent_nano_usd = d.spent_nano_usd + excluded.spent_nano_usd
  ), counted AS (
    SELECT s.team_id, s.kind, s.subject, s.period, s.starts_at, sum(spent.amount)::bigint AS amount
    FROM spent CROSS JOIN LATERAL (VALUES ('lineage', spent.lineage), ('member', spent.member), ('team', '')) AS of (kind, subject)
    JOIN budget_scopes s ON s.team_id = spent.team_id AND s.kind = of.kind AND s.subject = of.subject
      AND spent.day >= s.starts_at AND (s.ends_at IS NULL OR spent.day < s.ends_at)
    GROUP BY 1, 2, 3, 4, 5
  ), locked AS MATERIALIZED (
    SELECT counted.* FROM counted JOIN budget_scopes s USING (team_id, kind, subject, period, starts_at)
    ORDER BY team_id, kind, subject, period, starts_at FOR NO KEY UPDATE OF s
  )
  UPDATE budget_scopes s SET spent_nano_usd = s.spent_nano_usd + locked.amount,
    over_nano_usd = greatest(0, s.spent_nano_usd + locked.amount + s.held_nano_usd - s.cap_nano_usd)
  FROM locked WHERE (s.team_id, s.kind, s.subject, s.period, s.starts_at)
    = (locked.team_id, locked.kind, locked.subject, locked.period, locked.starts_at)`;

/**
 * Books what a statement changes of usage rows, in its transaction, whoever writes them: also a replica of the release before.
 * With the rights of the tables' owner: the service itself can write no entry.
 */
export function chargingOf(change: Change, schema: string): string {
  const { kind, anyOf, rows } = changes[change];
  return `
  CREATE FUNCTION ledger_${change}_rows() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = ${schema}, pg_temp AS $$
  BEGIN
    IF NOT EXISTS (SELECT FROM ${anyOf}) THEN RETURN NULL; END IF;
    -- What is opened meanwhile either sees this commit, or is seen by the statements below.
    PERFORM pg_advisory_xact_lock_shared(${SCOPES_LOCK});
    PERFORM lock_books(ARRAY(SELECT DISTINCT team_id FROM ${anyOf}));
    WITH ${placed(rows)}, ${entries}, ${book(kind)}, ${spend};
    RETURN NULL;
  END
  $$`;
}

/**
 * Triggers of one table fire in the order of their names: what releases holds (`hold_…`) before these, since what was held for a
 * request pays for it, and sums (`roll_…`) after them.
 */
export const TRIGGERS = CHANGES.map((change) => {
  const tables = {
    inserted: ['INSERT', 'NEW TABLE AS new_rows'],
    updated: ['UPDATE', 'NEW TABLE AS new_rows OLD TABLE AS old_rows'],
    deleted: ['DELETE', 'OLD TABLE AS old_rows'],
  }[change];
  return `CREATE TRIGGER ledger_${change} AFTER ${tables[0]} ON usage_rows REFERENCING ${tables[1]}
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_${change}_rows()`;
});
