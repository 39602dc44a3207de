import { createHash, randomBytes } from 'node:crypto';
import { KEY_PREFIX, KEY_RANDOM_LENGTH, keyChecksum } from '@orgn/contracts';

const BASE = 36;
/** Largest multiple of 36 that a byte can hold: higher values would make the first characters of the alphabet likelier. */
const FAIR_BYTES = 252;

/** A new raw API key with 129 random bits. Shown once to whoever asked for it, and written nowhere. */
export function newKeySecret(drawBytes: (size: number) => Iterable<number> = randomBytes): string {
  let random = '';
  while (random.length < KEY_RANDOM_LENGTH) {
    for (const byte of drawBytes(KEY_RANDOM_LENGTH - random.length)) {
      if (byte < FAIR_BYTES) random += (byte % BASE).toString(BASE);
    }
  }
  const body = KEY_PREFIX + random;
  return body + keyChecksum(body);
}

/** What the registry is told of a key: SHA-256 of the whole raw key, base64url. */
export function toKeyDigest(key: string): string {
  return createHash('sha256').update(key).digest('base64url');
}
