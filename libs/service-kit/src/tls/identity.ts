import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '../config/config-error.ts';

/** What a service proves itself with inside the deployment, and whom it believes; all as PEM. */
export interface Identity {
  /** The deployment's authority, or two of them while one follows the other. */
  ca: string;
  certificate: string;
  key: string;
}

/**
 * Reads `ca.crt`, `tls.crt` and `tls.key` of a service's folder.
 * @throws ConfigError when the folder is not named, or what is in it is no certificate with its key
 */
export function readIdentity(folder: string | undefined): Identity {
  if (folder === undefined)
    throw new ConfigError(['TLS_DIR is not set, and INTERNAL_TLS is not off: add the line TLS_DIR=/run/orgn/tls']);
  try {
    const identity = { ca: read(folder, 'ca.crt'), certificate: read(folder, 'tls.crt'), key: read(folder, 'tls.key') };
    const certificate = new X509Certificate(identity.certificate);
    if (certificate.checkPrivateKey(createPrivateKey(identity.key))) return identity;
  } catch (error) {
    const { code = 'unknown' } = error as { code?: string };
    throw new ConfigError([`TLS_DIR must be a folder with ca.crt, tls.crt and tls.key (${code})`]);
  }
  throw new ConfigError(['TLS_DIR holds a certificate and a key that do not belong together']);
}

/** Reads the authority alone, for whoever only checks others. @throws ConfigError */
export function readAuthority(folder: string | undefined): string {
  if (folder === undefined)
    throw new ConfigError(['TLS_DIR is not set, and INTERNAL_TLS is not off: add the line TLS_DIR=/run/orgn/tls']);
  try {
    const ca = read(folder, 'ca.crt');
    new X509Certificate(ca);
    return ca;
  } catch {
    throw new ConfigError(['TLS_DIR must be a folder with ca.crt']);
  }
}

function read(folder: string, name: string): string {
  return readFileSync(join(folder, name), 'utf8');
}
