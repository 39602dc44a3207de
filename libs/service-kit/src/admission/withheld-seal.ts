import { createHmac, timingSafeEqual, type KeyObject } from 'node:crypto';
import type { RequestId } from '@orgn/contracts';
import type { AdmissionKeys } from './admission-keys.ts';

/**
 * A router's word that it withheld an answer, for a gateway to repeat should the router not live to say so itself: no gateway
 * can make one, so none can make a request free.
 */
export function sealWithheld([current]: AdmissionKeys, requestId: RequestId): string {
  return digestOf(current.key, requestId).toString('base64url');
}

/** Whether a router withheld the answer to this request. */
export function isWithheldSeal(keys: AdmissionKeys, requestId: RequestId, seal: string): boolean {
  const given = Buffer.from(seal, 'base64url');
  return keys.some(({ key }) => {
    const digest = digestOf(key, requestId);
    return given.length === digest.length && timingSafeEqual(given, digest);
  });
}

/** No ticket is of this form, so that none is taken for the other. */
function digestOf(key: KeyObject, requestId: RequestId): Buffer {
  return createHmac('sha256', key).update(`withheld ${requestId.toLowerCase()}`).digest();
}
