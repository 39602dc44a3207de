import { readFileSync } from 'node:fs';
import { z } from 'zod';

// An origin: without a path, so that joining paths cannot go wrong.
const origin = z.url().transform((url) => new URL(url).origin);

const configSchema = z.object({
  /** Address to listen on; loopback unless the operator says otherwise. */
  HTTP_HOST: z.string().min(1).default('127.0.0.1'),
  /** Port to listen on. */
  HTTP_PORT: z.coerce.number().int().min(1).max(65_535),
  /** The issuer that tokens name, and where browsers reach this service. */
  ISSUER: origin,
  /** Where the console is: its callback, start page and back-channel logout are derived from it. */
  CONSOLE_URL: origin,
  /** Where this service reaches the console's back-channel logout, if not where browsers reach the console. */
  BACKCHANNEL_LOGOUT_URL: z.url().optional(),
  /** Secret of the client `orgn-console`; CLIENT_SECRET_FILE names a file that holds it. */
  CLIENT_SECRET: z.string().min(16).default('development-only-orgn-console'),
});

export interface IdOrgnConfig {
  readonly host: string;
  readonly port: number;
  readonly issuer: string;
  readonly consoleUrl: string;
  readonly backchannelLogoutUrl: string;
  readonly clientSecret: string;
}

/** Reads the environment once. Throws an Error that names every faulty variable, never a value. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): IdOrgnConfig {
  if (env.NODE_ENV === 'production') {
    throw new Error('The id-orgn simulator is for development only: it refuses NODE_ENV=production.');
  }
  const { CLIENT_SECRET_FILE: file } = env;
  const given = file ? { ...env, CLIENT_SECRET: readFileSync(file, 'utf8').trimEnd() } : env;
  const set = Object.entries(given).filter(([, value]) => value !== '');
  const parsed = configSchema.safeParse(Object.fromEntries(set));
  if (!parsed.success) {
    const names = parsed.error.issues.map((issue) => issue.path.join('.'));
    throw new Error(`Invalid configuration: ${[...new Set(names)].join(', ')}`);
  }
  const { HTTP_HOST: host, HTTP_PORT: port, ISSUER: issuer, CONSOLE_URL: consoleUrl, CLIENT_SECRET } = parsed.data;
  const backchannelLogoutUrl = parsed.data.BACKCHANNEL_LOGOUT_URL ?? `${consoleUrl}/api/auth/backchannel-logout`;
  return { host, port, issuer, consoleUrl, backchannelLogoutUrl, clientSecret: CLIENT_SECRET };
}
