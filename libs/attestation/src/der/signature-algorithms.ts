import { concat } from '../bytes/bytes.ts';
import { Malformed } from '../bytes/malformed.ts';
import type { Crypto, SignatureScheme } from '../crypto/crypto-port.ts';
import { derBits, derChildren, derElement, derOid, derTag, expectTag, type DerElement } from './der.ts';

/** A public key as a certificate carries it. `raw` is what {@link Crypto} takes: a point, or for RSA the SubjectPublicKeyInfo. */
export interface PublicKey {
  readonly kind: 'p256' | 'p384' | 'rsa' | 'other';
  readonly raw: Uint8Array;
}

const curves: Record<string, 'p256' | 'p384'> = { '1.2.840.10045.3.1.7': 'p256', '1.3.132.0.34': 'p384' };
const schemes: Record<string, SignatureScheme> = {
  '1.2.840.10045.4.3.2 p256': 'ecdsa-p256-sha256',
  '1.2.840.10045.4.3.3 p384': 'ecdsa-p384-sha384',
  '1.2.840.113549.1.1.11 rsa': 'rsa-sha256',
  '1.2.840.113549.1.1.12 rsa': 'rsa-sha384',
};

/** The key in a SubjectPublicKeyInfo. */
export function publicKeyOf(spki: DerElement): PublicKey {
  const [algorithm, bits] = derChildren(spki, derTag.sequence);
  const [id, parameters] = derChildren(algorithm, derTag.sequence);
  const oid = derOid(id);
  if (oid === '1.2.840.113549.1.1.1') return { kind: 'rsa', raw: spki.whole };
  if (oid !== '1.2.840.10045.2.1') return { kind: 'other', raw: spki.whole };
  const kind = parameters?.tag === derTag.oid ? curves[derOid(parameters)] : undefined;
  return kind ? { kind, raw: derBits(bits) } : { kind: 'other', raw: spki.whole };
}

/** The `r‖s` of an ECDSA signature that DER writes as two integers. */
export function rawEcdsa(der: Uint8Array, size: number): Uint8Array {
  const numbers = derChildren(derElement(der, derTag.sequence), derTag.sequence);
  if (numbers.length !== 2) throw new Malformed('a signature that is no pair');
  return concat(...numbers.map((number) => fixed(number, size)));
}

function fixed(element: DerElement, size: number): Uint8Array {
  const { content } = expectTag(element, derTag.integer);
  const digits = content[0] === 0 ? content.subarray(1) : content;
  if (digits.length > size) throw new Malformed('a signature with a number too large');
  return concat(new Uint8Array(size - digits.length), digits);
}

export interface SignedDer {
  /** The bytes that are signed. */
  readonly signed: Uint8Array;
  readonly algorithm: string;
  readonly signature: Uint8Array;
}

/** Whether `key` signed a certificate or revocation list; false for an algorithm that we do not take. */
export async function isSignedBy(what: SignedDer, key: PublicKey, crypto: Crypto): Promise<boolean> {
  const scheme = schemes[`${what.algorithm} ${key.kind}`];
  if (!scheme) return false;
  const isEcdsa = scheme.startsWith('ecdsa');
  const signature = isEcdsa ? rawEcdsa(what.signature, key.kind === 'p256' ? 32 : 48) : what.signature;
  return crypto.verify({ scheme, key: key.raw, signature, signed: what.signed });
}
