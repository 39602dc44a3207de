import type { ScopeStanding } from '@orgn/contracts';

type Period = ScopeStanding['period'];

/** The window of a period (UTC; weeks begin on Monday) that a moment lies in. */
export function windowAt(period: Period, at: Date): { period: Period; startsAt: Date } {
  const [year, month, day] = [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()];
  const sinceMonday = (at.getUTCDay() + 6) % 7;
  const starts = {
    total: 0,
    month: Date.UTC(year, month, 1),
    week: Date.UTC(year, month, day - sinceMonday),
    day: Date.UTC(year, month, day),
  };
  return { period, startsAt: new Date(starts[period]) };
}
