import { productionRoots, webCrypto, withDevelopmentRoots } from '@orgn/attestation';
import { defaultDemands, readKeys, verifyBundle, type VerifiedReceipt } from '@orgn/receipts';
import type { ProofState } from './proof-state.tsx';

/** The very bytes that this page sent and got. */
export interface SeenBytes {
  request: Uint8Array;
  response: Uint8Array;
}

export interface Given {
  /** The bundle, as text. */
  bundle: string;
  /** The deployment's keys, as text; null: there are none at hand. */
  keys: string | null;
  /** Null: they are not at hand. */
  seen: SeenBytes | null;
}

/**
 * Verifies a receipt in this browser: the same code as the command line's, with roots that came with this page. Evidence of a
 * development root is looked at as well, and `stateOf` never calls it proven.
 */
export function verifyHere({ bundle, keys, seen }: Given): Promise<VerifiedReceipt> {
  return verifyBundle(bundle, {
    keys: keys === null ? null : readKeys(keys),
    roots: withDevelopmentRoots(productionRoots),
    policy: defaultDemands,
    request: seen?.request ?? null,
    response: seen?.response ?? null,
    crypto: webCrypto,
  });
}

/** What may be said of the answer after that. */
export function stateOf({ outcome, receipt, facts }: VerifiedReceipt): ProofState {
  if (outcome === 'bad') return 'failed';
  if (outcome === 'unknown') return 'not_proven';
  if (receipt?.orgn.execution !== 'tee') return 'not_an_enclave';
  return facts?.developmentRoot !== false || receipt.orgn.development_root ? 'development' : 'proven';
}
