import type { CheckId } from './check-ids.ts';
import type { Check, CheckSource } from './check.ts';

const longest = 300;

const check = (id: CheckId, status: Check['status'], source: CheckSource, detail: string): Check => ({
  id,
  status,
  source,
  detail: detail.slice(0, longest),
});

/** A check that was made: `fault` says what is wrong, null that nothing is. */
export const judged = (id: CheckId, source: CheckSource, fault: string | null, good: string): Check =>
  fault === null ? check(id, 'pass', source, good) : check(id, 'fail', source, fault);

/** Checks that could not be made, and why. */
export const notMade = (ids: readonly CheckId[], why: string): Check[] =>
  ids.map((id) => check(id, 'unknown', 'verifier_derived', why));
