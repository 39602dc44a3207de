import { readFileSync } from 'node:fs';
import { z } from 'zod';

const configSchema = z.object({
  /** Address to listen on; loopback unless the operator says otherwise. */
  HTTP_HOST: z.string().min(1).default('127.0.0.1'),
  /** Port to listen on. */
  HTTP_PORT: z.coerce.number().int().min(1).max(65_535),
  /** Where browsers reach the pages to pay at. */
  PUBLIC_URL: z.url(),
  /** Where webhooks go. */
  WEBHOOK_URL: z.url(),
  /** What they are signed with; WEBHOOK_SECRET_FILE names a file that holds it. */
  WEBHOOK_SECRET: z.string().min(16),
  /** The one key of the account; SECRET_KEY_FILE names a file that holds it. */
  SECRET_KEY: z.string().min(8),
});

export interface StripeConfig {
  readonly host: string;
  readonly port: number;
  readonly publicUrl: string;
  readonly webhookUrl: string;
  readonly webhookSecret: string;
  readonly secretKey: string;
}

/** Reads the environment once. Throws an Error that names every faulty variable, never a value. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): StripeConfig {
  if (env.NODE_ENV === 'production') {
    throw new Error('The stand-in for Stripe is for development only: it refuses NODE_ENV=production.');
  }
  const given = { ...env, ...fromFile(env, 'WEBHOOK_SECRET'), ...fromFile(env, 'SECRET_KEY') };
  const set = Object.entries(given).filter(([, value]) => value !== '');
  const parsed = configSchema.safeParse(Object.fromEntries(set));
  if (!parsed.success) {
    const names = parsed.error.issues.map((issue) => issue.path.join('.'));
    throw new Error(`Invalid configuration: ${[...new Set(names)].join(', ')}`);
  }
  const { HTTP_HOST: host, HTTP_PORT: port, PUBLIC_URL, WEBHOOK_URL: webhookUrl } = parsed.data;
  const { WEBHOOK_SECRET: webhookSecret, SECRET_KEY: secretKey } = parsed.data;
  return { host, port, publicUrl: PUBLIC_URL.replace(/\/$/, ''), webhookUrl, webhookSecret, secretKey };
}

function fromFile(env: NodeJS.ProcessEnv, name: string): Record<string, string> {
  const file = env[`${name}_FILE`];
  return file ? { [name]: readFileSync(file, 'utf8').trimEnd() } : {};
}
