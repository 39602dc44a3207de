import { z } from 'zod';

const configSchema = z.object({
  /** Address to listen on; loopback unless the operator says otherwise. */
  HTTP_HOST: z.string().min(1).default('127.0.0.1'),
  /** Port to listen on; 0 takes a free one. */
  HTTP_PORT: z.coerce.number().int().min(0).max(65_535),
});

export interface ProvidersConfig {
  readonly host: string;
  readonly port: number;
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
  return { host: parsed.data.HTTP_HOST, port: parsed.data.HTTP_PORT };
}
