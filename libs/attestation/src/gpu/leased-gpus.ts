import type { Check } from '../checks/check.ts';
import { judged } from '../checks/judge.ts';
import type { SessionFacts } from '../evidence/facts.ts';
import { gpuIds } from './gpu-checks.ts';
import { nrasIds } from './nras-checks.ts';

/** How long what GPUs proved counts, with what is asked of NVIDIA for it. */
export const GPU_LEASE_MS = 50 * 60_000;
/** A lease is taken as long as it counts, and verified with what was begun in time. */
const GRACE_MS = 5 * 60_000;

/** What was found of a machine, at a time, in milliseconds since 1970. */
export interface FoundMachine {
  readonly checks: readonly Check[];
  readonly facts: SessionFacts;
  readonly isVerified: boolean;
  readonly at: number;
}

const ofGpus = new Set<string>([...gpuIds, ...nrasIds]);

/** Checks of GPUs as an earlier report of the same machine has them. @param now what its latest report says */
export function leasedChecks(now: Omit<FoundMachine, 'isVerified'>, then: FoundMachine): Check[] {
  const own = now.checks.filter(({ id }) => !ofGpus.has(id));
  const leased = then.checks.filter(({ id }) => ofGpus.has(id));
  const fault = leaseFault(now, then);
  return fault === null ? [...own, ...leased] : [...own, ...leased, judged('gpu_nonce', 'verifier_derived', fault, '')];
}

/** Why the GPUs of then are not those of now. */
function leaseFault(now: Omit<FoundMachine, 'isVerified'>, then: FoundMachine): string | null {
  const age = now.at - then.at;
  if (age < 0 || age > GPU_LEASE_MS + GRACE_MS) return 'what the GPUs proved is too old';
  if (!then.isVerified) return 'the report that shows the GPUs is not verified';
  return isSameMachine(now.facts, then.facts) ? null : 'another machine shows the GPUs';
}

function isSameMachine(one: SessionFacts, other: SessionFacts): boolean {
  const measured = [one.measurements, other.measurements].map((found) =>
    found ? [found.mrtd, found.rtmr3, found.instanceId, found.composeHash].join() : null,
  );
  const sameKey = one.tlsSpkiSha256 !== null && one.tlsSpkiSha256 === other.tlsSpkiSha256;
  return sameKey && measured[0] !== null && measured[0] === measured[1];
}
