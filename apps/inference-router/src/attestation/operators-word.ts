import { policyDigest, verdictOf, type AttestationPolicy, type Check, type VerifiedSession } from '@orgn/attestation';
import { nodeCrypto } from '@orgn/attestation/node';

/** What operators say of software: `refused` counts whatever a rule says; `waiting` is what they have not decided on. */
export type OperatorsWord = 'refused' | 'waiting';

const words = {
  refused: { status: 'fail', detail: 'an operator refused it' },
  waiting: { status: 'unknown', detail: 'no operator has approved it' },
} as const satisfies Record<OperatorsWord, Partial<Check>>;

interface Judged {
  readonly verified: VerifiedSession;
  readonly policy: AttestationPolicy;
}

/** The verdict with the word of operators in the place of what rules say; it counts, whatever a policy demands. */
export function byOperators<T extends Judged>(judged: T, word: OperatorsWord): T {
  const { verified } = judged;
  const policy = { ...judged.policy, require: [...new Set([...judged.policy.require, 'measurements' as const])] };
  const check: Check = { id: 'measurements', source: 'operator_asserted', ...words[word] };
  const checks = [...verified.checks.filter(({ id }) => id !== 'measurements'), check];
  const verdict = verdictOf(checks, policy, policyDigest(policy, nodeCrypto));
  return { ...judged, policy, verified: { ...verified, checks, verdict } };
}
