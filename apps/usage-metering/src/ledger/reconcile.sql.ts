/** What is charged for a row of usage. */
export const CHARGE = `CASE WHEN outcome = 'withheld' OR before_ledger THEN 0 ELSE cost_nano_usd END`;

const sums = ['requests', 'failed', 'cancelled', 'withheld', 'prompt_tokens', 'completion_tokens', 'cost_nano_usd'];

/**
 * What is kept of a team ($1) beside what its entries and rows come to, a row for each thing that is kept: its name, how many
 * parts were compared and how many of them differ, and both sums. Amounts are nano-USD, as text.
 */
export const CHECKS: Record<'balance' | 'scope' | 'entries' | 'rollup', string[]> = {
  balance: [
    `SELECT account AS name, 1 AS parts, (kept IS DISTINCT FROM found)::int AS differing, kept::text, found::text
    FROM (
      SELECT account, coalesce(a.balance_nano_usd, 0) AS kept, coalesce(e.amount, 0) AS found
      FROM (SELECT account, balance_nano_usd FROM ledger_accounts WHERE team_id = $1) AS a
      FULL JOIN (
        SELECT side.account, sum(side.amount)::bigint AS amount FROM ledger_transfers
        CROSS JOIN LATERAL (VALUES (debit, -amount_nano_usd), (credit, amount_nano_usd)) AS side (account, amount)
        WHERE team_id = $1 GROUP BY 1
      ) AS e USING (account)
    ) AS accounts ORDER BY 1`,
  ],
  scope: [
    `SELECT concat_ws(' ', s.kind, nullif(s.subject, ''), s.period, to_char(s.starts_at AT TIME ZONE 'UTC', 'YYYY-MM-DD')) AS name,
      1 AS parts, (kept.amount IS DISTINCT FROM found.amount)::int AS differing, kept.amount::text AS kept, found.amount::text AS found
    FROM budget_scopes s
    CROSS JOIN LATERAL (SELECT CASE s.kind WHEN 'balance' THEN s.cap_nano_usd ELSE s.spent_nano_usd END AS amount) AS kept
    CROSS JOIN LATERAL (
      SELECT CASE s.kind
        WHEN 'balance' THEN (SELECT balance_nano_usd FROM ledger_accounts WHERE team_id = $1 AND account = 'funds')
        ELSE (SELECT coalesce(sum(d.spent_nano_usd), 0)::bigint FROM spend_days d
          WHERE d.team_id = $1 AND d.day >= s.starts_at AND (s.ends_at IS NULL OR d.day < s.ends_at)
            AND CASE s.kind WHEN 'lineage' THEN d.lineage = s.subject WHEN 'member' THEN d.member = s.subject ELSE true END)
      END AS amount
    ) AS found
    WHERE s.team_id = $1 ORDER BY s.kind, s.subject, s.period, s.starts_at`,
    compared(
      'held by open blocks',
      'kind, subject, period, starts_at',
      'SELECT kind, subject, period, starts_at, held_nano_usd AS kept FROM budget_scopes WHERE team_id = $1 AND held_nano_usd <> 0',
      `SELECT kind, subject, period, starts_at, sum(nano_usd)::bigint AS found FROM hold_blocks
      WHERE team_id = $1 AND nano_usd <> 0 GROUP BY 1, 2, 3, 4`,
    ),
  ],
  entries: [
    compared(
      'charges of requests',
      'request_id',
      `SELECT request_id, sum(CASE credit WHEN 'revenue' THEN amount_nano_usd ELSE -amount_nano_usd END)::bigint AS kept
      FROM ledger_transfers WHERE team_id = $1 AND request_id IS NOT NULL GROUP BY 1`,
      `SELECT request_id, ${CHARGE} AS found FROM usage_rows WHERE team_id = $1 AND ${CHARGE} <> 0`,
    ),
  ],
  rollup: [
    compared(
      'spend_days',
      'lineage, day, member',
      'SELECT lineage, day, member, spent_nano_usd AS kept FROM spend_days WHERE team_id = $1',
      `SELECT CASE source WHEN 'playground' THEN '' ELSE coalesce(lineage_id, '') END AS lineage,
        date_trunc('day', started_at, 'UTC') AS day, coalesce(owner_id, '') AS member, sum(${CHARGE})::bigint AS found
      FROM usage_rows WHERE team_id = $1 AND NOT before_ledger GROUP BY 1, 2, 3`,
    ),
    rolledUp('usage_hours', 'hour'),
    rolledUp('usage_days', 'day'),
    partsOf('usage_hour_parts', 'usage_hours'),
    partsOf('usage_day_parts', 'usage_days'),
  ],
};

function compared(name: string, key: string, kept: string, found: string): string {
  return `
    SELECT '${name}' AS name, count(*)::int AS parts, (count(*) FILTER (WHERE coalesce(kept, 0) <> coalesce(found, 0)))::int AS differing,
      coalesce(sum(kept), 0)::text AS kept, coalesce(sum(found), 0)::text AS found
    FROM (${kept}) AS k FULL JOIN (${found}) AS f USING (${key})`;
}

/** Sums that reports are made of beside what they have to be. */
function sameSums(table: string, key: string, found: string): string {
  const nothing = sums.map(() => '0').join(', ');
  const amount = (side: string) => sums.map((sum) => `coalesce(${side}.${sum}, 0)`).join(', ');
  return `
    SELECT '${table}' AS name, count(*)::int AS parts,
      (count(*) FILTER (WHERE (${amount('k')}) IS DISTINCT FROM (${amount('f')})))::int AS differing,
      coalesce(sum(k.cost_nano_usd), 0)::text AS kept, coalesce(sum(f.cost_nano_usd), 0)::text AS found
    FROM (SELECT * FROM ${table} WHERE team_id = $1 AND (${sums.join(', ')}) <> (${nothing})) AS k
    FULL JOIN (${found}) AS f USING (${key})`;
}

/** The sums that reports are made of count every row, also those from before the ledger. */
function rolledUp(table: string, unit: string): string {
  return sameSums(
    table,
    'at, model, key, member, execution',
    `SELECT date_trunc('${unit}', started_at, 'UTC') AS at, model, CASE source WHEN 'playground' THEN 'playground' ELSE key_id END AS key,
        coalesce(owner_id, CASE WHEN lineage_id IS NULL THEN 'unrecorded' ELSE 'operator' END) AS member, execution,
        count(*) AS requests, count(*) FILTER (WHERE outcome = 'failed') AS failed,
        count(*) FILTER (WHERE outcome = 'cancelled') AS cancelled, count(*) FILTER (WHERE outcome = 'withheld') AS withheld,
        sum(prompt_tokens)::bigint AS prompt_tokens, sum(completion_tokens)::bigint AS completion_tokens,
        sum(CASE outcome WHEN 'withheld' THEN 0 ELSE cost_nano_usd END)::bigint AS cost_nano_usd
      FROM usage_rows WHERE team_id = $1 GROUP BY 1, 2, 3, 4, 5`,
  );
}

/** The sums by one thing at a time are those by all of them. */
function partsOf(table: string, whole: string): string {
  return sameSums(
    table,
    'part, at, name, execution',
    `SELECT part, at, name, execution, ${sums.map((sum) => `sum(${sum})::bigint AS ${sum}`).join(', ')}
      FROM ${whole} CROSS JOIN LATERAL (VALUES ('model', model), ('key', key), ('member', member), ('execution', execution)) AS p (part, name)
      WHERE team_id = $1 GROUP BY 1, 2, 3, 4`,
  );
}

/** The first team after another one that anything is kept of. */
export const NEXT_TEAM = `
  SELECT min(team_id) AS "teamId" FROM (
    SELECT min(team_id) AS team_id FROM ledger_accounts WHERE team_id > $1
    UNION ALL SELECT min(team_id) FROM usage_days WHERE team_id > $1
    UNION ALL SELECT min(team_id) FROM usage_rows WHERE team_id > $1
  ) AS teams`;
