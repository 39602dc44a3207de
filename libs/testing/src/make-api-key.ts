import { randomInt } from 'node:crypto';
import { KEY_PREFIX, KEY_RANDOM_LENGTH, keyChecksum } from '@orgn/contracts';

/** A key of good form that nobody has. */
export function makeApiKey(): string {
  const random = Array.from({ length: KEY_RANDOM_LENGTH }, () => randomInt(36).toString(36)).join('');
  return `${KEY_PREFIX}${random}${keyChecksum(`${KEY_PREFIX}${random}`)}`;
}
