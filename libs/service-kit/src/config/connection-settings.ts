import { z } from 'zod';

/** How many connections a host that strangers reach holds open. */
export const connectionSettings = {
  /** Most connections that are open at once; what comes beyond them is closed. */
  MAX_CONNECTIONS: z.coerce.number().int().positive().default(10_000),
  /** Most of them of one network (IPv4 /24, IPv6 /48). Trusted proxies have as many as there are. */
  MAX_CONNECTIONS_PER_NETWORK: z.coerce.number().int().positive().default(1_000),
};

export interface ConnectionSettings {
  MAX_CONNECTIONS: number;
  MAX_CONNECTIONS_PER_NETWORK: number;
}
