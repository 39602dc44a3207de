import type { ScopeStanding } from '@orgn/contracts';

type Period = ScopeStanding['period'];
type Starts = Readonly<Record<Period, Date>>;

const DAY_MS = 86_400_000;

/** Of the day that was last asked for: nearly all requests are of today. */
let known: { day: number; starts: Starts } | undefined;

/** The window of a period (UTC; weeks begin on Monday) that a moment lies in. */
export function windowAt(period: Period, at: Date): { period: Period; startsAt: Date } {
  const day = Math.floor(at.getTime() / DAY_MS);
  if (known?.day !== day) known = { day, starts: startsOf(at) };
  return { period, startsAt: known.starts[period] };
}

function startsOf(at: Date): Starts {
  const [year, month, day] = [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()];
  const sinceMonday = (at.getUTCDay() + 6) % 7;
  return {
    total: new Date(0),
    month: new Date(Date.UTC(year, month, 1)),
    week: new Date(Date.UTC(year, month, day - sinceMonday)),
    day: new Date(Date.UTC(year, month, day)),
  };
}
