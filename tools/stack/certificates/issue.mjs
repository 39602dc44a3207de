import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

x509.cryptoProvider.set(webcrypto);

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const dayMs = 86_400_000;
const authorityDays = 3_650;
const certificateDays = 365;

/**
 * A certificate and its key, as PEM.
 * @typedef {{ certificate: string, key: string }} Pair
 */

/**
 * Makes the authority of a deployment: it signs certificates, and nothing below it does.
 * @returns {Promise<Pair>}
 */
export async function makeAuthority() {
  const keys = await newKeys();
  const name = `CN=ORGN Gateway deployment CA ${randomBytes(4).toString('hex')}`;
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...validity(authorityDays),
    name,
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return toPair(certificate, keys.privateKey);
}

/**
 * Signs a new certificate for a party, good for a year.
 * @param {Pair} authority
 * @param {string} name the service's
 * @param {{ serves: boolean, asks?: boolean, also?: { dns: string[], ip: string[] } }} party see parties.mjs
 * @returns {Promise<Pair>}
 */
export async function issue(authority, name, { serves, asks = !serves, also = { dns: [], ip: [] } }) {
  const issuer = new x509.X509Certificate(authority.certificate);
  const keys = await newKeys();
  const names = [...[name, ...also.dns].map(named('dns')), ...also.ip.map(named('ip'))];
  const certificate = await x509.X509CertificateGenerator.create({
    ...validity(certificateDays),
    subject: `CN=${name}`,
    issuer: issuer.subject,
    publicKey: keys.publicKey,
    signingKey: await importKey(authority.key),
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([
        ...(serves ? [x509.ExtendedKeyUsage.serverAuth] : []),
        ...(asks ? [x509.ExtendedKeyUsage.clientAuth] : []),
      ]),
      new x509.SubjectAlternativeNameExtension(names),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuer),
    ],
  });
  return toPair(certificate, keys.privateKey);
}

const named = (type) => (value) => ({ type, value });

function newKeys() {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

/** From yesterday on: a host whose clock is behind must be able to use it, too. */
function validity(days) {
  const now = Date.now();
  const serialNumber = randomBytes(16);
  // A serial number is positive, and its first byte is not left out.
  serialNumber[0] = (serialNumber[0] & 0x7f) | 0x40;
  return {
    serialNumber: serialNumber.toString('hex'),
    notBefore: new Date(now - dayMs),
    notAfter: new Date(now + days * dayMs),
  };
}

function importKey(pem) {
  const [der] = x509.PemConverter.decode(pem);
  return webcrypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign']);
}

async function toPair(certificate, privateKey) {
  const der = await webcrypto.subtle.exportKey('pkcs8', privateKey);
  return {
    certificate: `${certificate.toString('pem')}\n`,
    key: `${x509.PemConverter.encode(der, x509.PemConverter.PrivateKeyTag)}\n`,
  };
}
