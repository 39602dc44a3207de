import type { RequestOf, searchRequests } from '@orgn/contracts';

export type Search = RequestOf<typeof searchRequests>;

/**
 * Rows that are looked through for one page: beyond that the page is short, and the next one goes on from there. It bounds
 * what a rare value costs in a large team.
 */
export const SCAN_ROWS = 20_000;

/** A statement that reads candidates in the order of their ids, and one that says where it stopped. */
export interface Scan {
  matches: Sql;
  end: Sql;
}

export interface Sql {
  text: string;
  values: unknown[];
}

/** Ids are made by gateways, whose clocks may be off by so much from the database's. */
const SLACK = `interval '1 day'`;

/** The rows that a search finds, in the columns of their table. */
export function rowsScan(search: Search): Scan {
  const values = [search.teamId, search.cursor, search.from, search.until] as unknown[];
  const is = equals(values);
  const key = search.key === 'playground' ? [`source = 'playground'`] : is('key_id', search.key);
  const filters = [
    `started_at >= $3::timestamptz AND started_at < $4::timestamptz`,
    ...key,
    ...is('model', search.model),
    ...is('execution', search.execution),
    ...is('outcome', search.outcome),
    ...is('source', search.source),
    ...memberOf(search.member, is),
    ...(search.code === null
      ? []
      : [
          `EXISTS (SELECT FROM refusals f WHERE f.request_id = scan.request_id AND ${is('f.code', search.code).join('')})`,
        ]),
  ];
  return toScan('usage_rows', filters, values, search.limit);
}

/** The refusals that a search finds: of requests that have no row. */
export function refusalsScan(search: Search): Scan {
  const values = [search.teamId, search.cursor, search.from, search.until] as unknown[];
  const is = equals(values);
  const filters = [
    `at >= $3::timestamptz AND at < $4::timestamptz`,
    'NOT EXISTS (SELECT FROM usage_rows u WHERE u.request_id = scan.request_id)',
    ...is('key_id', search.key),
    ...is('model', search.model),
    ...is('code', search.code),
    ...(search.member === 'operator' ? ['owner_id IS NULL'] : is('owner_id', search.member)),
  ];
  return toScan('refusals', filters, values, search.limit);
}

/** Whether a refusal can match at all. */
export function mayBeRefused({ outcome, execution, source, key }: Search): boolean {
  const isOther = (value: string | null, of: string) => value !== null && value !== of;
  return !isOther(outcome, 'refused') && execution === null && !isOther(source, 'api') && key !== 'playground';
}

type Equals = (column: string, value: string | null) => string[];

function equals(values: unknown[]): Equals {
  return (column, value) => (value === null ? [] : [`${column} = $${values.push(value)}`]);
}

function memberOf(member: string | null, is: Equals): string[] {
  if (member === 'operator') return ['owner_id IS NULL AND lineage_id IS NOT NULL'];
  if (member === 'unrecorded') return ['owner_id IS NULL AND lineage_id IS NULL'];
  return is('owner_id', member);
}

function toScan(table: string, filters: string[], values: unknown[], limit: number): Scan {
  const range = `FROM ${table} WHERE team_id = $1 AND ($2::uuid IS NULL OR request_id < $2::uuid)
    AND request_id >= lowest_request_id($3::timestamptz - ${SLACK})
    AND request_id < lowest_request_id($4::timestamptz + ${SLACK}) ORDER BY request_id DESC`;
  return {
    matches: {
      text: `SELECT * FROM (SELECT * ${range} LIMIT ${SCAN_ROWS}) AS scan
        WHERE ${filters.join(' AND ')} ORDER BY request_id DESC LIMIT ${limit + 1}`,
      values,
    },
    end: { text: `SELECT request_id AS id ${range} OFFSET ${SCAN_ROWS - 1} LIMIT 1`, values: values.slice(0, 4) },
  };
}
