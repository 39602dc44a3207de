import { secp256k1 } from '@noble/curves/secp256k1.js';
import { concat, type Bytes } from '../bytes/bytes.ts';

/** Signatures with a high `s` are refused, as Ethereum refuses them: there is one signature, not two. */
export function verifySecp256k1(digest: Uint8Array, signature: Uint8Array, key: Uint8Array): boolean {
  try {
    return secp256k1.verify(signature, digest, key, { prehash: false, lowS: true });
  } catch {
    return false;
  }
}

export function recoverSecp256k1(digest: Uint8Array, signature: Uint8Array, recovery: number): Bytes | null {
  try {
    const recoverable = concat(Uint8Array.of(recovery), signature);
    const key = secp256k1.recoverPublicKey(recoverable, digest, { prehash: false });
    return secp256k1.Point.fromBytes(key).toBytes(false);
  } catch {
    return null;
  }
}
