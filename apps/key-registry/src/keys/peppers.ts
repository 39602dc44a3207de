import { secret } from '@orgn/service-kit/settings';
import { z } from 'zod';
import type { Pepper } from './key-digest.ts';

export { toStoredDigest, type Pepper } from './key-digest.ts';

const PEPPER_LIST = /^[a-z0-9_-]{1,32}:[A-Za-z0-9_-]{43}(,[a-z0-9_-]{1,32}:[A-Za-z0-9_-]{43})*$/;

/** For whoever makes digests of keys, or must tell whether they could be made here. */
export const pepperSettings = {
  /**
   * Secrets that stored digests are made with: `kid:base64url[,kid:base64url]`, 32 bytes each, the current one first.
   * To rotate: add the new one LAST on every replica, then move it first, and drop the old one when no key uses it.
   */
  KEY_PEPPERS: secret(
    z
      .string()
      .regex(PEPPER_LIST, 'must be kid:base64url[,kid:base64url], 32 bytes each')
      .transform(toPeppers)
      .refine((peppers) => new Set(peppers.map(({ kid }) => kid)).size === peppers.length, 'must name each kid once'),
  ),
};

function toPeppers(list: string): [Pepper, ...Pepper[]] {
  return list.split(',').map((entry) => {
    const [kid = '', secret = ''] = entry.split(':');
    return { kid, secret: Buffer.from(secret, 'base64url') };
  }) as [Pepper, ...Pepper[]];
}
