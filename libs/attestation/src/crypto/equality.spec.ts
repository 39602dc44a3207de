import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { nodeCrypto } from '../node.ts';
import type { SignatureScheme } from './crypto-port.ts';
import { webCrypto } from './web-crypto.ts';

/** The point at the end of an elliptic curve's SubjectPublicKeyInfo, the whole of it for RSA. */
function rawKey(key: KeyObject, scheme: SignatureScheme): Uint8Array {
  const spki = Uint8Array.from(key.export({ format: 'der', type: 'spki' }));
  const sizes: Record<SignatureScheme, number> = {
    'ecdsa-p256-sha256': 65,
    'ecdsa-p384-sha384': 97,
    ed25519: 32,
    'rsa-sha256': spki.length,
    'rsa-sha384': spki.length,
  };
  return spki.slice(-sizes[scheme]);
}

const schemes: [SignatureScheme, () => { privateKey: KeyObject; publicKey: KeyObject }, string | null][] = [
  ['ecdsa-p256-sha256', () => generateKeyPairSync('ec', { namedCurve: 'P-256' }), 'sha256'],
  ['ecdsa-p384-sha384', () => generateKeyPairSync('ec', { namedCurve: 'P-384' }), 'sha384'],
  ['ed25519', () => generateKeyPairSync('ed25519'), null],
  ['rsa-sha256', () => generateKeyPairSync('rsa', { modulusLength: 2048 }), 'sha256'],
  ['rsa-sha384', () => generateKeyPairSync('rsa', { modulusLength: 2048 }), 'sha384'],
];

describe('the two cryptographies', () => {
  test.each(schemes)('judge %s signatures alike, good ones and spoilt ones', async (scheme, generate, digest) => {
    const { privateKey, publicKey } = generate();
    const key = rawKey(publicKey, scheme);
    const signed = Buffer.from('what was said');
    const signature = Uint8Array.from(sign(digest, signed, { key: privateKey, dsaEncoding: 'ieee-p1363' }));
    const good = { scheme, key, signature, signed };
    expect([await nodeCrypto.verify(good), await webCrypto.verify(good)]).toEqual([true, true]);
    const spoil = fc.record({
      part: fc.constantFrom('key', 'signature', 'signed'),
      at: fc.nat(),
      by: fc.integer({ min: 1, max: 255 }),
      cut: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(spoil, async ({ part, at, by, cut }) => {
        const bytes = Uint8Array.from(good[part as 'key']);
        bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ by;
        const spoilt = { ...good, [part]: cut ? bytes.slice(0, at % bytes.length) : bytes };
        const [node, web] = [await nodeCrypto.verify(spoilt), await webCrypto.verify(spoilt)];
        expect(node).toBe(web);
      }),
      { numRuns: 60 },
    );
  });

  test('hash alike', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (data) => {
        expect(nodeCrypto.sha256(data)).toEqual(webCrypto.sha256(data));
        expect(nodeCrypto.sha384(data)).toEqual(webCrypto.sha384(data));
      }),
    );
  });
});
