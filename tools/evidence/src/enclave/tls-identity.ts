import { hash } from 'node:crypto';
import { isIPv4 } from 'node:net';
import { extension, makeCertificate } from '../der/certificate.ts';
import { encode, sequence } from '../der/der.ts';
import { SigningKey } from '../der/signing-key.ts';

/** What a TLS server shows: its key, and a certificate that nobody else signed. */
export interface TlsIdentity {
  /** Both in PEM. */
  readonly key: string;
  readonly cert: string;
  /** SHA-256 (hex) of the SubjectPublicKeyInfo: what a quote binds and a client pins. */
  readonly spkiSha256: string;
}

const dayMs = 86_400_000;

/** @param names of the host, and its addresses (IPv4) */
export function makeTlsIdentity(names: readonly string[], now = Date.now()): TlsIdentity {
  const key = SigningKey.generate('P-256');
  const name = { commonName: names[0] ?? 'localhost' };
  const { pem } = makeCertificate({
    name,
    spki: key.spki,
    issuer: { name, key },
    from: new Date(now - dayMs),
    until: new Date(now + 365 * dayMs),
    isAuthority: false,
    extensions: [extension('2.5.29.17', sequence(...names.map(generalName)))],
  });
  const keyPem = key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { key: keyPem, cert: pem, spkiSha256: hash('sha256', key.spki) };
}

function generalName(name: string): Buffer {
  return isIPv4(name) ? encode(0x87, Buffer.from(name.split('.').map(Number))) : encode(0x82, Buffer.from(name));
}
