import { verify, type KeyObject } from 'node:crypto';

/** Whether a signature is this key's over exactly these bytes: ECDSA with SHA-256, DER in base64. */
export function isSignedBy(key: KeyObject, body: Buffer, signature: string): boolean {
  if (!/^[A-Za-z0-9+/]{1,200}={0,2}$/.test(signature)) return false;
  return verify('sha256', body, key, Buffer.from(signature, 'base64'));
}
