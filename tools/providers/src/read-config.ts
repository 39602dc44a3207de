import { z } from 'zod';
import type { TlsParty } from './server.ts';

const port = z.coerce.number().int().min(0).max(65_535);

const configSchema = z.object({
  /** Address to listen on; loopback unless the operator says otherwise. */
  HTTP_HOST: z.string().min(1).default('127.0.0.1'),
  /** Port to listen on; 0 takes a free one. */
  HTTP_PORT: port,
  /** Ports of the TLS servers of the confidential machines and of their makers; without one there is no such server. */
  NEAR_TLS_PORT: port.optional(),
  PHALA_TLS_PORT: port.optional(),
  MAKERS_TLS_PORT: port.optional(),
});

export interface ProvidersConfig {
  readonly host: string;
  readonly port: number;
  readonly tlsPorts: Readonly<Record<TlsParty, number | undefined>>;
}

/** Reads the environment once. Throws an Error that names every faulty variable, never a value. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): ProvidersConfig {
  if (env.NODE_ENV === 'production') {
    throw new Error('The provider simulator is for development only: it refuses NODE_ENV=production.');
  }
  const parsed = configSchema.safeParse(env);
  if (!parsed.success) {
    const names = parsed.error.issues.map((issue) => issue.path.join('.'));
    throw new Error(`Invalid configuration: ${[...new Set(names)].join(', ')}`);
  }
  const {
    HTTP_HOST: host,
    HTTP_PORT,
    NEAR_TLS_PORT: near,
    PHALA_TLS_PORT: phala,
    MAKERS_TLS_PORT: makers,
  } = parsed.data;
  return { host, port: HTTP_PORT, tlsPorts: { near, phala, makers } };
}
