import type { AttestationPolicy, Crypto, TrustRoots } from '@orgn/attestation';
import type { ReceiptKeys } from '../form/keys.ts';

/** What a verifier brings along: nothing of it is asked of the receipt. */
export interface ReceiptQuestion {
  /** Null when whoever verifies has none: then signature and log are unknown. */
  readonly keys: ReceiptKeys | null;
  readonly roots: TrustRoots;
  readonly policy: AttestationPolicy;
  /** The very bytes that the caller sent and got; null when they are not at hand. */
  readonly request: Uint8Array | null;
  readonly response: Uint8Array | null;
  readonly crypto: Crypto;
}
