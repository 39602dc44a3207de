import { hash, randomBytes } from 'node:crypto';
import { bits, encode, integer, octets, oid, sequence, set, tagged, time, toPem, utf8, yes } from './der.ts';
import type { Curve, SigningKey } from './signing-key.ts';

/** Who a certificate is about, by the last arcs of X.520's attributes. */
export interface Name {
  readonly commonName: string;
  readonly organization?: string;
}

/** A party that signs: its name and its key. */
export interface Issuer {
  readonly name: Name;
  readonly key: SigningKey;
}

export interface CertificateParts {
  readonly name: Name;
  /** Its public key, as SubjectPublicKeyInfo in DER. */
  readonly spki: Buffer;
  readonly issuer: Issuer;
  readonly from: Date;
  readonly until: Date;
  /** May sign certificates and revocation lists. */
  readonly isAuthority: boolean;
  readonly serial?: Uint8Array;
  /** More extensions, each a whole one in DER. */
  readonly extensions?: readonly Buffer[];
}

export interface Certificate {
  readonly der: Buffer;
  readonly pem: string;
  readonly serial: Buffer;
}

export const signatureAlgorithms: Readonly<Record<Curve, Buffer>> = {
  'P-256': sequence(oid('1.2.840.10045.4.3.2')),
  'P-384': sequence(oid('1.2.840.10045.4.3.3')),
};

/** An X.509 certificate of version 3. */
export function makeCertificate(parts: CertificateParts): Certificate {
  const { issuer } = parts;
  const serial = Buffer.from(parts.serial ?? newSerial());
  const algorithm = signatureAlgorithms[issuer.key.curve];
  const body = sequence(
    tagged(0, integer(2)),
    integer(serial),
    algorithm,
    toName(issuer.name),
    sequence(time(parts.from), time(parts.until)),
    toName(parts.name),
    parts.spki,
    tagged(3, sequence(...extensionsOf(parts))),
  );
  const der = sequence(body, algorithm, bits(issuer.key.sign(body)));
  return { der, pem: toPem('CERTIFICATE', der), serial };
}

/** A name in DER, the same bytes for the same name. */
export function toName({ commonName, organization }: Name): Buffer {
  const attribute = (arc: string, text: string) => set(sequence(oid(arc), utf8(text)));
  return sequence(attribute('2.5.4.3', commonName), ...(organization ? [attribute('2.5.4.10', organization)] : []));
}

/** One extension; what is not known to a reader makes it refuse a critical one. */
export function extension(arc: string, value: Buffer, isCritical = false): Buffer {
  return sequence(oid(arc), ...(isCritical ? [yes()] : []), octets(value));
}

/** Names the key that signed, by its digest. */
export function authorityKey(spki: Buffer): Buffer {
  return extension('2.5.29.35', sequence(encode(0x80, keyDigest(spki))));
}

function extensionsOf({ spki, issuer, isAuthority, extensions = [] }: CertificateParts): Buffer[] {
  return [
    authorityKey(issuer.key.spki),
    extension('2.5.29.14', octets(keyDigest(spki))),
    // keyCertSign and cRLSign, or digitalSignature.
    extension('2.5.29.15', isAuthority ? bits(Buffer.from([0x06]), 1) : bits(Buffer.from([0x80]), 7), true),
    extension('2.5.29.19', isAuthority ? sequence(yes()) : sequence(), true),
    ...extensions,
  ];
}

function keyDigest(spki: Buffer): Buffer {
  return hash('sha1', spki, 'buffer');
}

/** 16 bytes that are not negative and do not begin with a zero. */
function newSerial(): Buffer {
  const serial = randomBytes(16);
  serial[0] = 0x40 | ((serial[0] ?? 0) & 0x3f);
  return serial;
}
