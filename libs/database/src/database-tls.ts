import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkServerIdentity, type ConnectionOptions } from 'node:tls';

/** The name in the certificate of the database's server, wherever it is. */
const SERVER = 'postgres';

/** What a configuration says of encryption inside the deployment. */
export interface TlsSettings {
  INTERNAL_TLS: 'on' | 'off';
  /** A folder with the authority's certificate, `ca.crt`. */
  TLS_DIR?: string | undefined;
}

export type DatabaseTls = Pick<ConnectionOptions, 'ca' | 'checkServerIdentity'> | false;

/**
 * How a client connects to the database: only to a server that has its name under the deployment's authority, or in the
 * clear under INTERNAL_TLS=off.
 * @throws Error when the authority's certificate is not there
 */
export function databaseTls({ INTERNAL_TLS, TLS_DIR }: TlsSettings): DatabaseTls {
  if (INTERNAL_TLS === 'off') return false;
  if (TLS_DIR === undefined) throw new Error('TLS_DIR is not set, and INTERNAL_TLS is not off');
  return {
    ca: readFileSync(join(TLS_DIR, 'ca.crt'), 'utf8'),
    checkServerIdentity: (_address, certificate) => checkServerIdentity(SERVER, certificate),
  };
}
