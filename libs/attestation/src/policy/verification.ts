import type { Crypto } from '../crypto/crypto-port.ts';
import type { AttestationPolicy } from './policy.ts';
import type { TrustRoots } from './trust-roots.ts';

/** What every verification is given: nothing here is asked of the evidence, of a clock, or of a network. */
export interface Verification {
  readonly policy: AttestationPolicy;
  readonly roots: TrustRoots;
  /** The time to verify at, in milliseconds since 1970. */
  readonly at: number;
  readonly crypto: Crypto;
}
