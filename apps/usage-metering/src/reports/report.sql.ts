import type { UsageDimension, UsageNarrowing } from '@orgn/contracts';

/** A range of a rollup: table, and what is left in. */
export interface Range extends UsageNarrowing {
  unit: 'hour' | 'day';
  /** Null: every team. */
  teamId: string | null;
  from: Date;
  until: Date;
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

const tables = { hour: 'usage_hours', day: 'usage_days' } as const;
const dimensions = ['key', 'model', 'member', 'execution'] as const satisfies readonly UsageDimension[];

// Sums of bigints are numerics, and the driver hands both out as text.
const SUMS = sumColumns.map((name) => `coalesce(sum(${name}), 0) AS ${name}`).join(', ');

/** The sums of a range, altogether. */
export function totalOf(range: Range): Statement {
  return within(range, `SELECT ${SUMS} FROM`, '');
}

/** The sums of a range by a dimension, the dearest first. */
export function groupsOf(range: Range, by: UsageDimension, limit: number): Statement {
  return within(
    range,
    `SELECT ${by} AS name, ${SUMS} FROM`,
    `GROUP BY ${by} ORDER BY sum(cost_nano_usd) DESC, sum(requests) DESC, ${by} LIMIT ${limit}`,
  );
}

/** The sums of each unit of time, by some values of a dimension, and by null of all others. */
export function seriesOf(range: Range, by: UsageDimension, names: readonly string[]): Statement {
  const { text, values } = within(range, '', '');
  const name = `CASE WHEN ${by} = ANY ($${values.length + 1}::text[]) THEN ${by} END`;
  return {
    text: `SELECT at, ${name} AS name, ${SUMS} FROM ${text} GROUP BY 1, 2 ORDER BY 1, 2`,
    values: [...values, names],
  };
}

export interface Statement {
  text: string;
  values: unknown[];
}

function within(range: Range, head: string, tail: string): Statement {
  const values: unknown[] = [range.from, range.until];
  const is = (column: string, value: string | null) => (value === null ? [] : [`${column} = $${values.push(value)}`]);
  const conditions = [
    ...is('team_id', range.teamId),
    'at >= $1 AND at < $2',
    ...dimensions.flatMap((dimension) => is(dimension, range[dimension])),
  ];
  return { text: `${head} ${tables[range.unit]} WHERE ${conditions.join(' AND ')} ${tail}`, values };
}
