import { toHex } from '../bytes/bytes.ts';
import { Malformed, orMalformed } from '../bytes/malformed.ts';
import { derBits, derChildren, derElement, derOid, derTag, derTime, expectTag, type DerElement } from './der.ts';
import { publicKeyOf, type PublicKey, type SignedDer } from './signature-algorithms.ts';

const basicConstraints = '2.5.29.19';
const keyUsage = '2.5.29.15';

/** What we read of an X.509 certificate. Names are compared as the bytes that they are. */
export interface Certificate extends SignedDer {
  readonly der: Uint8Array;
  /** Lower-case hex of the serial number's bytes. */
  readonly serial: string;
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  /** Milliseconds since 1970, both ends inclusive. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly spki: Uint8Array;
  readonly key: PublicKey;
  /** Null for what is no authority; else how many authorities may stand below it. */
  readonly authority: { readonly pathLength: number } | null;
  readonly extensions: ReadonlyMap<string, Uint8Array>;
  /** Critical extensions besides the usual two, which whoever trusts the certificate must know. */
  readonly unknownCritical: readonly string[];
}

const largestCertificate = 32_768;

/** @throws Malformed */
export function readCertificate(der: Uint8Array): Certificate {
  if (der.length > largestCertificate) throw new Malformed('a certificate that is too large');
  return orMalformed('a certificate that cannot be read', () => parse(der));
}

function parse(der: Uint8Array): Certificate {
  const [tbs, algorithm, bits] = derChildren(derElement(der, derTag.sequence), derTag.sequence);
  const fields = derChildren(tbs, derTag.sequence);
  const first = fields[0]?.tag === 0xa0 ? 1 : 0;
  const [serial, inner, issuer, validity, subject, spki] = fields.slice(first);
  const [notBefore, notAfter] = derChildren(validity, derTag.sequence);
  const algorithmId = derOid(derChildren(algorithm, derTag.sequence)[0]);
  if (derOid(derChildren(inner, derTag.sequence)[0]) !== algorithmId) throw new Malformed('two signature algorithms');
  const key = expectTag(spki, derTag.sequence);
  return {
    der,
    signed: expectTag(tbs, derTag.sequence).whole,
    algorithm: algorithmId,
    signature: derBits(bits),
    serial: toHex(expectTag(serial, derTag.integer).content),
    issuer: expectTag(issuer, derTag.sequence).whole,
    subject: expectTag(subject, derTag.sequence).whole,
    notBefore: derTime(notBefore),
    notAfter: derTime(notAfter),
    spki: key.whole,
    key: publicKeyOf(key),
    ...extensionsOf(fields.find(({ tag }) => tag === 0xa3)),
  };
}

type Extensions = Pick<Certificate, 'authority' | 'extensions' | 'unknownCritical'>;

function extensionsOf(wrapper: DerElement | undefined): Extensions {
  const extensions = new Map<string, Uint8Array>();
  const unknownCritical: string[] = [];
  const sequence = wrapper ? derElement(wrapper.content, derTag.sequence) : undefined;
  for (const element of sequence ? derChildren(sequence, derTag.sequence) : []) {
    const { oid, value, isCritical } = extensionOf(element);
    if (extensions.has(oid)) throw new Malformed('a certificate with an extension twice');
    extensions.set(oid, value);
    if (isCritical && oid !== basicConstraints && oid !== keyUsage) unknownCritical.push(oid);
  }
  return { extensions, unknownCritical, authority: authorityOf(extensions) };
}

function extensionOf(element: DerElement): { oid: string; value: Uint8Array; isCritical: boolean } {
  const parts = derChildren(element, derTag.sequence);
  const value = expectTag(parts.at(-1), derTag.octetString).content;
  return { oid: derOid(parts[0]), value, isCritical: parts.length === 3 && parts[1]?.content[0] !== 0 };
}

/** An authority says so, and where it says what its key is for, signing certificates is among it. */
function authorityOf(extensions: ReadonlyMap<string, Uint8Array>): Certificate['authority'] {
  const constraints = extensions.get(basicConstraints);
  if (!constraints || !maySign(extensions.get(keyUsage))) return null;
  const [isAuthority, pathLength] = derChildren(derElement(constraints, derTag.sequence), derTag.sequence);
  if (isAuthority?.tag !== derTag.boolean || isAuthority.content[0] === 0) return null;
  return { pathLength: pathLength?.content[0] ?? Number.POSITIVE_INFINITY };
}

function maySign(usage: Uint8Array | undefined): boolean {
  if (!usage) return true;
  return ((derElement(usage, derTag.bitString).content[1] ?? 0) & 0x04) !== 0;
}
