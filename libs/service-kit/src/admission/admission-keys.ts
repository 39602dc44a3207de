import { createSecretKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { secret } from '../config/secret.ts';

/** A secret that tickets are made with. */
export interface AdmissionKey {
  kid: string;
  /** 32 bytes. Kept as Node wants it, which takes longer to make than an HMAC, and shows itself in no log. */
  key: KeyObject;
}

/** The current one first. */
export type AdmissionKeys = readonly [AdmissionKey, ...AdmissionKey[]];

const KEY_LIST = /^[a-z0-9_-]{1,32}:[A-Za-z0-9_-]{43}(,[a-z0-9_-]{1,32}:[A-Za-z0-9_-]{43}){0,15}$/;

/** How the registry, routers and metering, and nobody else, get the keys of admission. */
export const admissionSettings = {
  /**
   * Secrets of the tickets that the registry gives out and that routers and metering ask for: `kid:base64url[,…]`, 32 bytes
   * each. The first makes tickets, all are accepted. To rotate: add the new one LAST on all three services, then move it
   * first, and drop the old one when no usage word under it is on its way any more.
   */
  ADMISSION_KEYS: secret(
    z
      .string()
      .regex(KEY_LIST, 'must be kid:base64url[,kid:base64url], 32 bytes each')
      .transform(toAdmissionKeys)
      .refine((keys) => new Set(keys.map(({ kid }) => kid)).size === keys.length, 'must name each kid once'),
  ),
};

function toAdmissionKeys(list: string): AdmissionKeys {
  return list.split(',').map((entry) => {
    const [kid = '', text = ''] = entry.split(':');
    return { kid, key: createSecretKey(Buffer.from(text, 'base64url')) };
  }) as [AdmissionKey, ...AdmissionKey[]];
}
