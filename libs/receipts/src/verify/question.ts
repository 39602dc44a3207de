import type { AttestationPolicy, Crypto, TrustRoots } from '@orgn/attestation';
import type { ReceiptKeys } from '../form/keys.ts';
import type { ReceiptCheckId } from './receipt-checks.ts';

/** What a verifier brings along: nothing of it is asked of the receipt. */
export interface ReceiptQuestion {
  /** Null when whoever verifies has none: then signature and log are unknown. */
  readonly keys: ReceiptKeys | null;
  readonly roots: TrustRoots;
  readonly policy: AttestationPolicy;
  /** Checks of the receipt that need not pass otherwise: of the caller's bytes, of the log, of the time after the answer. */
  readonly require?: readonly ReceiptCheckId[];
  /** The very bytes that the caller sent and got; null when they are not at hand. */
  readonly request: Uint8Array | null;
  readonly response: Uint8Array | null;
  readonly crypto: Crypto;
}
