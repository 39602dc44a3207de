import { concat, fromHex, type Crypto } from '@orgn/attestation';
import { digestOfJson } from '../bytes/digest.ts';
import type { Receipt } from '../form/receipt.ts';

/** What the log holds of a receipt: 32 bytes that tell nothing of it to who does not have it. */
export function leafOf(receipt: Receipt, crypto: Crypto): Uint8Array {
  const digest = fromHex(digestOfJson(receipt, crypto).slice('sha256:'.length));
  return crypto.sha256(concat(fromHex(receipt.orgn.log_salt), digest));
}
