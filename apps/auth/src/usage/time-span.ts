import { ServiceError } from '@orgn/contracts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Beyond, sums are told by the day. */
const MOST_HOURLY_MS = 7 * DAY_MS;
const spans = { '24h': DAY_MS, '7d': 7 * DAY_MS, '30d': 30 * DAY_MS, '90d': 90 * DAY_MS } as const;

interface AskedSpan {
  range?: keyof typeof spans | undefined;
  from?: string | undefined;
  until?: string | undefined;
}

export interface TimeSpan {
  from: string;
  until: string;
  unit: 'hour' | 'day';
}

/**
 * The time that a query means; nothing at all means the last 30 days. Spans of whole days end with today (UTC) and count it:
 * 30 days are today and the 29 before it.
 * @param now milliseconds since 1970
 * @throws ServiceError `invalid_request`
 */
export function toTimeSpan({ range, from, until }: AskedSpan, now: number): TimeSpan {
  if (from === undefined && until === undefined) return lately(range ?? '30d', now);
  if (range !== undefined) throw invalid('Send range, or from and until.', 'range');
  const end = until === undefined ? now : Date.parse(until);
  const begin = from === undefined ? end - spans['30d'] : Date.parse(from);
  if (end <= begin) throw invalid('until must be later than from.', 'until');
  return spanOf(begin, end);
}

function lately(range: keyof typeof spans, now: number): TimeSpan {
  const size = spans[range];
  if (size <= MOST_HOURLY_MS) return spanOf(now - size, now);
  const tomorrow = (Math.floor(now / DAY_MS) + 1) * DAY_MS;
  return spanOf(tomorrow - size, tomorrow);
}

function spanOf(begin: number, end: number): TimeSpan {
  const unit = end - begin <= MOST_HOURLY_MS ? 'hour' : 'day';
  return { from: new Date(begin).toISOString(), until: new Date(end).toISOString(), unit };
}

function invalid(message: string, param: string): ServiceError {
  return new ServiceError('invalid_request', message, { param });
}
