import { createHmac, createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto';

/** A secret of this deployment; without it a stolen table cannot confirm a guessed or leaked key. */
export interface Pepper {
  kid: string;
  secret: Buffer;
}

/** A digest as it is stored: HMAC-SHA-256(pepper, SHA-256(key)), and the name of the pepper. */
export interface StoredDigest {
  kid: string;
  digest: Buffer;
}

/** @param keyDigest SHA-256 of the whole raw key, base64url */
export function toStoredDigest(pepper: Pepper, keyDigest: string): StoredDigest {
  const digest = createHmac('sha256', keyOf(pepper)).update(keyDigest, 'base64url').digest();
  return { kid: pepper.kid, digest };
}

const keys = new WeakMap<Buffer, KeyObject>();

/** Kept, because Node takes longer to make one than to make a digest with it. */
function keyOf({ secret }: Pepper): KeyObject {
  const key = keys.get(secret) ?? createSecretKey(secret);
  keys.set(secret, key);
  return key;
}

/** Compares in time that does not depend on where the digests differ. */
export function isSameDigest(one: StoredDigest, other: StoredDigest): boolean {
  const isSame = one.digest.length === other.digest.length && timingSafeEqual(one.digest, other.digest);
  return isSame && one.kid === other.kid;
}
