import { setTimeout as delay } from 'node:timers/promises';
import type { DatabaseTls } from '@orgn/database';
import { Client } from 'pg';

const RETRY_MS = 250;
const defaults = { waitMs: 60_000, tls: false as DatabaseTls };
/** The server is not there yet, its name does not resolve yet, or it says itself that it is still starting. */
const NOT_YET = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH', '57P03']);

/**
 * Resolves once Postgres takes connections.
 * @param options.waitMs how long a server that is not there is waited for, in milliseconds
 * @throws what the last attempt met, when the time is over; at once, when waiting cannot help (a wrong password)
 */
export async function waitForPostgres(
  url: string,
  say: (line: string) => void,
  options: { waitMs?: number; tls?: DatabaseTls } = {},
): Promise<void> {
  const { waitMs, tls }: Required<typeof options> = { ...defaults, ...options };
  const until = Date.now() + waitMs;
  for (let attempt = 1; ; attempt += 1) {
    try {
      await connectOnce(url, tls);
      return;
    } catch (error) {
      if (!isNotYet(error) || Date.now() >= until) throw error;
      if (attempt === 1) say('waiting for Postgres');
      await delay(RETRY_MS);
    }
  }
}

async function connectOnce(url: string, tls: DatabaseTls): Promise<void> {
  const client = new Client({ connectionString: url, ssl: tls, connectionTimeoutMillis: 5_000 });
  try {
    await client.connect();
  } finally {
    await client.end();
  }
}

function isNotYet(error: unknown): boolean {
  // A name with several addresses fails with one error for each of them.
  const errors: unknown[] = error instanceof AggregateError ? error.errors : [error];
  return errors.every((one) => {
    const { code, message } = one as { code?: string; message?: string };
    return code === undefined ? /^(Connection terminated|timeout)/.test(message ?? '') : NOT_YET.has(code);
  });
}
