import { crc32 } from './crc-32.ts';

/** What every API key of this product begins with, so that a leaked one can be recognised for what it is. */
export const KEY_PREFIX = 'sk-ollm-';

/** Characters of randomness in a key: 25 of base36 are 129 bits. */
export const KEY_RANDOM_LENGTH = 25;

const CHECKSUM_LENGTH = 7;
const BODY_LENGTH = KEY_PREFIX.length + KEY_RANDOM_LENGTH;
const SHAPE = new RegExp(`^${KEY_PREFIX}[a-z0-9]{${KEY_RANDOM_LENGTH + CHECKSUM_LENGTH}}$`);

/** The last seven characters of a key: CRC-32 of everything before them, in lower-case base36. */
export function keyChecksum(body: string): string {
  return crc32(body).toString(36).padStart(CHECKSUM_LENGTH, '0');
}

/**
 * Whether a text can be a key at all. Typing errors and guesses end here, without a question to the registry; whether a
 * well-formed key exists is the registry's to say.
 */
export function isWellFormedKey(text: string): boolean {
  return SHAPE.test(text) && keyChecksum(text.slice(0, BODY_LENGTH)) === text.slice(BODY_LENGTH);
}

/** How a key is shown after its only full appearance: prefix and last four characters. */
export function toKeyHint(key: string): string {
  return `${KEY_PREFIX}…${key.slice(-4)}`;
}
