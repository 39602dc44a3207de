import { admissionSettings, baseConfig, configClass, databaseSettings, secret } from '@orgn/service-kit/settings';
import { z } from 'zod';
import type { Pepper } from './keys/key-digest.ts';

const PEPPER_LIST = /^[a-z0-9_-]{1,32}:[A-Za-z0-9_-]{43}(,[a-z0-9_-]{1,32}:[A-Za-z0-9_-]{43})*$/;

/** Settings of the key registry. */
export class KeyRegistryConfig extends configClass(
  baseConfig.extend({
    ...databaseSettings,
    ...admissionSettings,
    /** Whether the network that a key was last used from is kept: IPv4 /24, IPv6 /48, of the last use alone. */
    KEEP_NETWORKS: z.stringbool().default(true),
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
  }),
) {}

function toPeppers(list: string): [Pepper, ...Pepper[]] {
  return list.split(',').map((entry) => {
    const [kid = '', secret = ''] = entry.split(':');
    return { kid, secret: Buffer.from(secret, 'base64url') };
  }) as [Pepper, ...Pepper[]];
}
