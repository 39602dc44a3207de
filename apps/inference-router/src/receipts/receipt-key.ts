import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import type { ReceiptSigner } from '@orgn/receipts';

/** `kid:base64url[,kid:base64url]`: ed25519 seeds of 32 bytes. */
export const RECEIPT_KEY_LIST = /^[a-z0-9_-]{1,32}:[A-Za-z0-9_-]{43}(,[a-z0-9_-]{1,32}:[A-Za-z0-9_-]{43})*$/;

/** What receipts are signed with. */
export interface ReceiptKey extends ReceiptSigner {
  /** 32 bytes in hex. */
  readonly publicKey: string;
}

/** What a private key of ed25519 in DER has before its seed. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** @param list that `RECEIPT_KEY_LIST` matches */
export function toReceiptKeys(list: string): ReceiptKey[] {
  return list.split(',').map((entry) => {
    const [kid = '', seed = ''] = entry.split(':');
    const der = Buffer.concat([PKCS8, Buffer.from(seed, 'base64url')]);
    const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
    return { kid, publicKey: spki.subarray(-32).toString('hex'), sign: (bytes) => sign(null, bytes, key) };
  });
}
