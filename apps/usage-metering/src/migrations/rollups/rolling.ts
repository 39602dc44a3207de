/** What sums by all four things are told apart by, and what is summed up. */
const NAMES = 'team_id, at, model, key, member, execution';
const SUMS = [
  'requests',
  'failed',
  'cancelled',
  'withheld',
  'prompt_tokens',
  'completion_tokens',
  'cost_nano_usd',
] as const;
const PART_NAMES = 'team_id, part, at, name, execution';
const PARTS = ['model', 'key', 'member', 'execution'];

/** Of a row `r` and its sign. Nobody pays for an answer that was not released. */
const OF_ROW: Record<(typeof SUMS)[number], string> = {
  requests: 'r.sign',
  failed: "r.sign * (r.outcome = 'failed')::int",
  cancelled: "r.sign * (r.outcome = 'cancelled')::int",
  withheld: "r.sign * (r.outcome = 'withheld')::int",
  prompt_tokens: 'r.sign * r.prompt_tokens',
  completion_tokens: 'r.sign * r.completion_tokens',
  cost_nano_usd: "CASE r.outcome WHEN 'withheld' THEN 0 ELSE r.sign * r.cost_nano_usd END",
};

const sumsList = SUMS.join(', ');
const summed = SUMS.map((name) => `sum(${name})::bigint AS ${name}`).join(', ');
const added = SUMS.map((name) => `${name} = rolled.${name} + excluded.${name}`).join(', ');
const isChange = SUMS.map((name) => `${name} <> 0`).join(' OR ');

/** Rows are locked in the order of their key, so that replicas which write at the same time wait instead of deadlocking. */
const addTo = (table: string, names: string, source: string) => `
  INSERT INTO ${table} AS rolled (${names}, ${sumsList}) SELECT ${names}, ${sumsList} FROM ${source}
  WHERE ${isChange} ORDER BY ${names}
  ON CONFLICT (${names}) DO UPDATE SET ${added}`;

const partsOf = (source: string) => `
  SELECT w.team_id, p.part, w.at, p.name, w.execution, ${SUMS.map((name) => `sum(w.${name})::bigint AS ${name}`).join(', ')}
  FROM ${source} AS w CROSS JOIN LATERAL (VALUES ${PARTS.map((part) => `('${part}', w.${part})`).join(', ')}) AS p (part, name)
  GROUP BY 1, 2, 3, 4, 5`;

/** Sums by all four things, of rows. */
const hoursOf = (rows: string) => `
  hours AS MATERIALIZED (
    SELECT r.team_id, date_trunc('hour', r.started_at, 'UTC') AS at, r.model,
      CASE r.source WHEN 'playground' THEN 'playground' ELSE r.key_id END AS key,
      coalesce(r.owner_id, CASE WHEN r.lineage_id IS NULL THEN 'unrecorded' ELSE 'operator' END) AS member, r.execution,
      ${SUMS.map((name) => `sum(${OF_ROW[name]})::bigint AS ${name}`).join(', ')}
    FROM (${rows}) AS r GROUP BY 1, 2, 3, 4, 5, 6
  ), days AS MATERIALIZED (
    SELECT team_id, date_trunc('day', at, 'UTC') AS at, model, key, member, execution, ${summed} FROM hours GROUP BY 1, 2, 3, 4, 5, 6
  )`;

/** Rows are gone through once: days and parts are sums of the few sums of hours that they make. */
const rollAll = (rows: string) => `
  WITH ${hoursOf(rows)}, hour_parts AS (${partsOf('hours')}), day_parts AS (${partsOf('days')}),
  by_hour AS (${addTo('usage_hours', NAMES, 'hours')}),
  by_day AS (${addTo('usage_days', NAMES, 'days')}),
  by_hour_part AS (${addTo('usage_hour_parts', PART_NAMES, 'hour_parts')})
  ${addTo('usage_day_parts', PART_NAMES, 'day_parts')};`;

/** As the release before did: by all four in one trigger, by each of them in another one. */
const rollWhole = (rows: string) => `
  WITH ${hoursOf(rows)}, by_hour AS (${addTo('usage_hours', NAMES, 'hours')}) ${addTo('usage_days', NAMES, 'days')};`;
const rollParts = (rows: string) => `
  WITH ${hoursOf(rows)}, hour_parts AS (${partsOf('hours')}), day_parts AS (${partsOf('days')}),
  by_hour_part AS (${addTo('usage_hour_parts', PART_NAMES, 'hour_parts')}) ${addTo('usage_day_parts', PART_NAMES, 'day_parts')};`;

/** The rows that a statement has written and taken away, by what it does. */
const CHANGES = {
  inserted: {
    on: 'INSERT',
    tables: 'NEW TABLE AS new_rows',
    rows: 'SELECT *, 1 AS sign FROM new_rows',
  },
  updated: {
    on: 'UPDATE',
    tables: 'NEW TABLE AS new_rows OLD TABLE AS old_rows',
    rows: 'SELECT *, 1 AS sign FROM new_rows UNION ALL SELECT *, -1 AS sign FROM old_rows',
  },
  deleted: { on: 'DELETE', tables: 'OLD TABLE AS old_rows', rows: 'SELECT *, -1 AS sign FROM old_rows' },
} as const;

/** With a search path of its own: who writes rows may have another one. */
const functionOf = (name: string, body: string, schema: string) => `
  CREATE OR REPLACE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql SET search_path = ${schema}, pg_temp AS $$
  BEGIN
    ${body}
    RETURN NULL;
  END
  $$`;

const changes = Object.entries(CHANGES);

/** One trigger a change of rows writes all sums. */
export const rollingOnce = (schema: string) =>
  changes.flatMap(([change, { rows }]) => [
    functionOf(`roll_${change}_rows`, rollAll(rows), schema),
    `DROP TRIGGER rollup_${change} ON usage_rows`,
    `DROP FUNCTION rollup_${change}_rows()`,
  ]);

/** Two do, as before. */
export const rollingTwice = (schema: string) =>
  changes.flatMap(([change, { on, tables, rows }]) => [
    functionOf(`roll_${change}_rows`, rollWhole(rows), schema),
    functionOf(`rollup_${change}_rows`, rollParts(rows), schema),
    `CREATE TRIGGER rollup_${change} AFTER ${on} ON usage_rows REFERENCING ${tables}
      FOR EACH STATEMENT EXECUTE FUNCTION rollup_${change}_rows()`,
  ]);
