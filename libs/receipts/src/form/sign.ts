import { canonicalJson, toHex, utf8 } from '@orgn/attestation';
import type { Receipt, UnsignedReceipt } from './receipt.ts';

/** What signs receipts and log heads: ed25519, with the name that verifiers know its public key by. */
export interface ReceiptSigner {
  readonly kid: string;
  /** 64 bytes. */
  sign(bytes: Uint8Array): Uint8Array;
}

/** The bytes that the signature is over: everything else, in canonical JSON. */
export function signedBytes({
  signature: _,
  ...rest
}: Receipt | (UnsignedReceipt & { key_id: string; signature?: never })): Uint8Array {
  return utf8(canonicalJson(rest));
}

export function signReceipt(receipt: UnsignedReceipt, signer: ReceiptSigner): Receipt {
  const named = { ...receipt, key_id: signer.kid };
  return { ...named, signature: toHex(signer.sign(signedBytes(named))) };
}
