import type { Bytes } from '../bytes/bytes.ts';

/** The signature schemes that evidence is signed with; ECDSA signatures are r‖s, ECDSA keys uncompressed points (04 first). */
export type SignatureScheme = 'ecdsa-p256-sha256' | 'ecdsa-p384-sha384' | 'ed25519' | 'rsa-sha256' | 'rsa-sha384';

export interface SignatureToCheck {
  readonly scheme: SignatureScheme;
  /** ECDSA: the uncompressed point. ed25519: 32 bytes. RSA: SubjectPublicKeyInfo in DER. */
  readonly key: Uint8Array;
  readonly signature: Uint8Array;
  readonly signed: Uint8Array;
}

/**
 * All cryptography that verifying takes. Two adapters exist, one for browsers and Node and a faster one for Node alone; a test
 * holds them equal. A signature or key of the wrong form is a signature that is not good: nothing here throws.
 */
export interface Crypto {
  sha256(data: Uint8Array): Bytes;
  sha384(data: Uint8Array): Bytes;
  keccak256(data: Uint8Array): Bytes;
  verify(what: SignatureToCheck): Promise<boolean>;
  /** Whether the secp256k1 signature (r‖s) over a 32-byte digest is by this uncompressed key. */
  verifySecp256k1(digest: Uint8Array, signature: Uint8Array, key: Uint8Array): boolean;
  /** The uncompressed secp256k1 key that made r‖s over a 32-byte digest; null when there is none. `recovery` is 0 or 1. */
  recoverSecp256k1(digest: Uint8Array, signature: Uint8Array, recovery: number): Bytes | null;
}
