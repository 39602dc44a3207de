import type { TlsOptions } from '@nats-io/transport-node';
import type { TlsSettings } from '../config/tls-settings.ts';
import { readAuthority } from './identity.ts';

/** The name in the certificate of the bus's server, wherever it is. */
const SERVER = 'nats';

/** nats.js hands what it does not know itself on to Node: here the name that the server must have. */
export type BusTls = TlsOptions & { servername: string };

/**
 * How a client connects to the bus: only to a server that has its name under the deployment's authority; in the clear under
 * INTERNAL_TLS=off.
 * @param ca the authority's certificate, as PEM
 */
export function busTlsUnder(ca: string): BusTls {
  return { ca, servername: SERVER };
}

/** The same for a service, whose folder holds the authority's certificate. @throws ConfigError when there is none */
export function busTls(config: TlsSettings): { tls: BusTls } | { tls: null } {
  return { tls: config.INTERNAL_TLS === 'off' ? null : busTlsUnder(readAuthority(config.TLS_DIR)) };
}
