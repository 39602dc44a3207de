import { createPrivateKey, randomBytes, X509Certificate } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parties } from './parties.mjs';

const dayMs = 86_400_000;
/** What ends sooner is made anew. An authority lives on while what it signs now ends before it does. */
const leastDays = { certificate: 30, authority: 366 };

/** For one user; and for containers, whose users are others: there the folder around these lets only its owner in. */
export const modes = {
  private: { folder: 0o700, file: 0o600 },
  mounted: { folder: 0o755, file: 0o644 },
};

/** Where the certificates of a folder are: `ca.crt`, `tls.crt` and `tls.key` for each party. */
export function certificateFiles(dir, party) {
  const folder = join(dir, party);
  const [ca, certificate, key] = ['ca.crt', 'tls.crt', 'tls.key'].map((name) => join(folder, name));
  return { folder, ca, certificate, key };
}

/** The certificate of the authority, as PEM. */
export function authorityOf(dir) {
  return readFileSync(join(dir, 'ca', 'ca.crt'), 'utf8');
}

/**
 * Makes what is missing of a deployment's authority and certificates, and anew what is near its end, of another
 * authority, or, with `renew`, everything but the authority. Readers find old files or new ones, never half of one.
 * @param {string} dir
 * @param {{ renew?: boolean, mode?: typeof modes.private }} options
 * @returns {Promise<string[]>} the parties whose certificates are new
 */
export async function ensureCertificates(dir, { renew = false, mode = modes.private } = {}) {
  makeFolder(dir, modes.private.folder);
  const authority = await ensureAuthority(dir);
  const due = Object.keys(parties).filter((party) => renew || !isCurrent(dir, party, authority));
  if (due.length === 0) return due;
  const { issue } = await import('./issue.mjs');
  for (const party of due) writeParty(dir, party, await issue(authority, party, parties[party]), { authority, mode });
  return due;
}

async function ensureAuthority(dir) {
  const [certificate, key] = ['ca.crt', 'ca.key'].map((name) => join(dir, 'ca', name));
  if (existsSync(certificate) && existsSync(key)) {
    const found = { certificate: readFileSync(certificate, 'utf8'), key: readFileSync(key, 'utf8') };
    if (daysLeft(new X509Certificate(found.certificate)) > leastDays.authority) return found;
  }
  const { makeAuthority } = await import('./issue.mjs');
  const authority = await makeAuthority();
  makeFolder(join(dir, 'ca'), modes.private.folder);
  write(key, authority.key, modes.private.file);
  write(certificate, authority.certificate, modes.private.file);
  return authority;
}

/** What a certificate of the party is for, as its extension names it: serving, asking. */
function usagesOf({ serves, asks = !serves }) {
  return [...(serves ? ['1.3.6.1.5.5.7.3.1'] : []), ...(asks ? ['1.3.6.1.5.5.7.3.2'] : [])];
}

function isCurrent(dir, party, authority) {
  const files = certificateFiles(dir, party);
  if (![files.ca, files.certificate, files.key].every((file) => existsSync(file))) return false;
  const certificate = new X509Certificate(readFileSync(files.certificate));
  return (
    certificate.verify(new X509Certificate(authority.certificate).publicKey) &&
    certificate.checkPrivateKey(createPrivateKey(readFileSync(files.key))) &&
    readFileSync(files.ca, 'utf8').includes(authority.certificate) &&
    daysLeft(certificate) > leastDays.certificate &&
    String(certificate.keyUsage) === String(usagesOf(parties[party]))
  );
}

function writeParty(dir, party, { certificate, key }, { authority, mode }) {
  const files = certificateFiles(dir, party);
  makeFolder(files.folder, mode.folder);
  write(files.ca, authority.certificate, mode.file);
  write(files.key, key, mode.file);
  write(files.certificate, certificate, mode.file);
}

function daysLeft(certificate) {
  return (certificate.validToDate.getTime() - Date.now()) / dayMs;
}

/** The caller's umask has no say in who may read what. */
function makeFolder(folder, mode) {
  mkdirSync(folder, { recursive: true, mode });
  chmodSync(folder, mode);
}

function write(file, text, mode) {
  const draft = `${file}.${randomBytes(4).toString('hex')}.tmp`;
  writeFileSync(draft, text, { mode: modes.private.file, flag: 'wx' });
  chmodSync(draft, mode);
  renameSync(draft, file);
}
