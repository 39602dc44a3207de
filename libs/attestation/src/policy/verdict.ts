import type { CheckId } from '../checks/check-ids.ts';
import type { Check } from '../checks/check.ts';
import type { AttestationPolicy } from './policy.ts';

/** `failed`: a required check failed. `unknown`: none did, but one could not be made. */
export interface Verdict {
  readonly status: 'verified' | 'failed' | 'unknown';
  /** `sha256:` and the hex digest of the policy's canonical JSON. */
  readonly policyDigest: string;
  /** Required checks that failed, in the order of the policy. */
  readonly failed: readonly CheckId[];
  /** Required checks that are unknown or were not made. */
  readonly unknown: readonly CheckId[];
}

/** The verdict is this function of checks and policy, and of nothing else. */
export function verdictOf(checks: readonly Check[], policy: AttestationPolicy, policyDigest: string): Verdict {
  const statusOf = new Map<CheckId, Check['status']>();
  for (const { id, status } of checks) {
    if (statusOf.get(id) !== 'fail') statusOf.set(id, status === 'pass' ? (statusOf.get(id) ?? 'pass') : status);
  }
  const failed = policy.require.filter((id) => statusOf.get(id) === 'fail');
  const unknown = policy.require.filter((id) => (statusOf.get(id) ?? 'unknown') === 'unknown');
  const status = failed.length > 0 ? 'failed' : unknown.length > 0 ? 'unknown' : 'verified';
  return { status, policyDigest, failed, unknown };
}
