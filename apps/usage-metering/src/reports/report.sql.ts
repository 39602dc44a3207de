import type { UsageDimension, UsageNarrowing } from '@orgn/contracts';

/** A range of usage: by which units its sums are read, and what of it. */
export interface Range extends UsageNarrowing {
  unit: 'hour' | 'day';
  /** Null: every team. */
  teamId: string | null;
  from: Date;
  until: Date;
}

/** How a report is cut. */
export interface Cut {
  by: UsageDimension | 'team';
  /** How many groups are told, the dearest. */
  groups: number;
  /** How many of them have a series of their own. */
  drawn: number;
}

export interface Statement {
  text: string;
  values: unknown[];
}

export const sumColumns = [
  'requests',
  'failed',
  'cancelled',
  'withheld',
  'prompt_tokens',
  'completion_tokens',
  'cost_nano_usd',
] as const;

/** Sums by model, key, member and execution at once, and by one of them at a time. */
const tables = { hour: ['usage_hours', 'usage_hour_parts'], day: ['usage_days', 'usage_day_parts'] } as const;
/** What an index narrows sums of all four by. */
const narrowed = ['key', 'model', 'member'] as const satisfies readonly UsageDimension[];

// Sums of bigints are numerics, and the driver hands both out as text.
const SUMS = sumColumns.map((name) => `coalesce(sum(${name}), 0) AS ${name}`).join(', ');
const COLUMNS = sumColumns.join(', ');

/**
 * All of a report in one statement, which sees one moment's state and reads its sums once: what is shown by group and by time
 * adds up to the total. Rows are a `kind` (`total`, `before`, `group`, the dearest first, and `series`), a name, a time and sums;
 * the name of a series is null for all groups that are not drawn.
 * @param before the range to compare with
 */
export function reportOf(range: Range, before: Range, { by, groups, drawn }: Cut): Statement {
  const values: unknown[] = [];
  const text = `
    WITH sums AS MATERIALIZED (SELECT ${nameOf(range, by)} AS name, at, ${SUMS} FROM ${within(range, by, values)} GROUP BY 1, 2),
    grouped AS MATERIALIZED (
      SELECT name, row_number() OVER (ORDER BY sum(cost_nano_usd) DESC, sum(requests) DESC, name) AS place, ${SUMS}
      FROM sums GROUP BY name
    ),
    drawn AS MATERIALIZED (SELECT name FROM grouped WHERE place <= ${drawn})
    SELECT 'total' AS kind, NULL AS name, NULL::timestamptz AS at, 0 AS place, ${SUMS} FROM grouped
    UNION ALL SELECT 'before', NULL, NULL, 0, ${SUMS} FROM ${within(before, 'execution', values)}
    UNION ALL SELECT 'group', name, NULL, place, ${COLUMNS} FROM grouped WHERE place <= ${groups}
    UNION ALL
    SELECT 'series', drawn.name, at, 0, ${SUMS} FROM sums LEFT JOIN drawn USING (name) GROUP BY drawn.name, at
    ORDER BY kind, place, at, name`;
  return { text, values };
}

/** Requests of keys of a team by day: team, keys, since when. */
export const DAILY = `
  SELECT name AS "keyId", at, sum(requests) AS requests FROM usage_day_parts
  WHERE team_id = $1 AND part = 'key' AND name = ANY ($2::text[]) AND at >= $3 GROUP BY 1, 2`;

function isNarrowed(range: Range): boolean {
  return narrowed.some((dimension) => range[dimension] !== null);
}

function nameOf(range: Range, by: Cut['by']): string {
  if (by === 'team') return 'team_id';
  return isNarrowed(range) ? by : 'name';
}

function within(range: Range, by: Cut['by'], values: unknown[]): string {
  const is = (column: string, value: string | null) => (value === null ? [] : [`${column} = $${values.push(value)}`]);
  const [whole, parts] = tables[range.unit];
  const from = `$${values.push(range.from)}::timestamptz`;
  const conditions = [
    ...is('team_id', range.teamId),
    `at >= ${from} AND at < $${values.push(range.until)}::timestamptz`,
    ...is('execution', range.execution),
  ];
  if (!isNarrowed(range)) conditions.push(`part = '${by === 'team' ? 'execution' : by}'`);
  for (const dimension of narrowed) conditions.push(...is(dimension, range[dimension]));
  return `${isNarrowed(range) ? whole : parts} WHERE ${conditions.join(' AND ')}`;
}
