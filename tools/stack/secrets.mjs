import { hkdfSync, randomBytes } from 'node:crypto';

/** A new root secret: 32 random bytes as base64url. It rests in `stack.json` only. */
export function newOpsToken() {
  return randomBytes(32).toString('base64url');
}

/**
 * A secret of the embedded stack. All but the ops token are derived from it when needed, so that they rest nowhere:
 * base64url(HKDF-SHA256(opsToken, no salt, info `orgn:<name>`, 32 bytes)).
 */
export function deriveSecret(opsToken, name) {
  return deriveBytes(opsToken, name).toString('base64url');
}

/** The 32 bytes of such a secret. */
export function deriveBytes(opsToken, name) {
  return Buffer.from(hkdfSync('sha256', opsToken, '', `orgn:${name}`, 32));
}
