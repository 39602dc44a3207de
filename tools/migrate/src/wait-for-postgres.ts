import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';

const RETRY_MS = 250;
/** The server is not there yet, its name does not resolve yet, or it says itself that it is still starting. */
const NOT_YET = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH', '57P03']);

/**
 * Resolves once Postgres takes connections.
 * @param waitMs how long a server that is not there is waited for, in milliseconds
 * @throws what the last attempt met, when the time is over; at once, when waiting cannot help (a wrong password)
 */
export async function waitForPostgres(url: string, say: (line: string) => void, waitMs = 60_000): Promise<void> {
  const until = Date.now() + waitMs;
  for (let attempt = 1; ; attempt += 1) {
    try {
      await connectOnce(url);
      return;
    } catch (error) {
      if (!isNotYet(error) || Date.now() >= until) throw error;
      if (attempt === 1) say('waiting for Postgres');
      await delay(RETRY_MS);
    }
  }
}

async function connectOnce(url: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
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
