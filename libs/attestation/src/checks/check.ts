import type { CheckId } from './check-ids.ts';

/** `unknown` says that a check could not be made; it never passes for one that a policy requires. */
export type CheckStatus = 'pass' | 'fail' | 'unknown';

/**
 * Whose word a check is, strongest first: a signature of hardware; something we computed from what hardware proves;
 * the provider's own word; the word of who runs this deployment.
 */
export type CheckSource = 'hardware_proven' | 'verifier_derived' | 'provider_asserted' | 'operator_asserted';

/** `detail` is one line for people, made of what was verified and never of a caller's text; at most 300 characters. */
export interface Check {
  readonly id: CheckId;
  readonly status: CheckStatus;
  readonly source: CheckSource;
  readonly detail: string;
}

const rank: Record<CheckStatus, number> = { fail: 2, unknown: 1, pass: 0 };
const strength: CheckSource[] = ['operator_asserted', 'provider_asserted', 'verifier_derived', 'hardware_proven'];

const worse = (one: Check, other: Check): Check => {
  if (rank[one.status] !== rank[other.status]) return rank[one.status] > rank[other.status] ? one : other;
  return strength.indexOf(one.source) <= strength.indexOf(other.source) ? one : other;
};

/** One check an id: the worst status that any of several subjects got, and of equals the weaker word. */
export function worstOf(checks: readonly Check[]): Check[] {
  const byId = new Map<CheckId, Check>();
  for (const check of checks) {
    const known = byId.get(check.id);
    byId.set(check.id, known ? worse(known, check) : check);
  }
  return [...byId.values()];
}
