import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';
import { toBase64 } from './bytes/bytes.ts';
import type { Crypto, SignatureToCheck } from './crypto/crypto-port.ts';
import { webCrypto } from './crypto/web-crypto.ts';

const toBase64Url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');

function ecKey(point: Uint8Array, crv: string, size: number): KeyObject | null {
  if (point.length !== 1 + 2 * size || point[0] !== 4) return null;
  const [x, y] = [toBase64Url(point.subarray(1, 1 + size)), toBase64Url(point.subarray(1 + size))];
  return createPublicKey({ format: 'jwk', key: { kty: 'EC', crv, x, y } });
}

/** Null for what is not the form that {@link Crypto} describes; WebCrypto refuses the same. */
function keyOf({ scheme, key }: SignatureToCheck): KeyObject | null {
  if (scheme === 'ecdsa-p256-sha256') return ecKey(key, 'P-256', 32);
  if (scheme === 'ecdsa-p384-sha384') return ecKey(key, 'P-384', 48);
  if (scheme === 'ed25519') {
    return createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: toBase64Url(key) } });
  }
  const made = createPublicKey({ format: 'der', type: 'spki', key: Buffer.from(toBase64(key), 'base64') });
  return made.asymmetricKeyType === 'rsa' ? made : null;
}

function digestOf({ scheme }: SignatureToCheck): string | null {
  if (scheme === 'ed25519') return null;
  return scheme.endsWith('sha384') ? 'sha384' : 'sha256';
}

/** Off the event loop: node:crypto verifies in its thread pool when it is called with a callback. */
async function verifySignature(what: SignatureToCheck): Promise<boolean> {
  try {
    const key = keyOf(what);
    if (!key) return false;
    return await new Promise((resolve) =>
      verify(digestOf(what), what.signed, { key, dsaEncoding: 'ieee-p1363' }, what.signature, (error, good) =>
        resolve(error === null && good),
      ),
    );
  } catch {
    return false;
  }
}

const hash = (name: string) => (data: Uint8Array) => Uint8Array.from(createHash(name).update(data).digest());

/** The same cryptography as in browsers, faster. */
export const nodeCrypto: Crypto = {
  ...webCrypto,
  sha256: hash('sha256'),
  sha384: hash('sha384'),
  verify: verifySignature,
};
