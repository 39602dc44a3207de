import { randomBytes } from 'node:crypto';
import { noRestrictions, registerKey, type KeyView } from '@orgn/contracts';
import type { Bus } from '@orgn/service-kit';
import { Client } from 'pg';
import type { z } from 'zod';

export type Registration = z.input<typeof registerKey.request>;

let made = 0;

/** SHA-256 of some key that nobody has. */
export const makeDigest = () => randomBytes(32).toString('base64url');

/** The id of some person. */
export const makeUserId = () => `user_${randomBytes(16).toString('hex')}`;

/** A registration that the registry accepts. */
export function makeRegistration(overrides: Partial<Registration> = {}): Registration {
  made += 1;
  const settings = { teamId: 'team_acme', name: `key ${made}`, expiresAt: null, createdBy: null };
  return { digest: makeDigest(), hint: 'sk-ollm-…o5p6', ...noRestrictions, ...settings, ...overrides };
}

/** A key that is registered, with its digest. */
export async function makeKey(bus: Bus, overrides: Partial<Registration> = {}): Promise<KeyView & { digest: string }> {
  const registration = makeRegistration(overrides);
  return { ...(await bus.ask(registerKey, registration)), digest: registration.digest };
}

/** KEY_PEPPERS with a secret of its own for each kid. */
export function makePeppers(...kids: string[]): string {
  return kids.map((kid) => `${kid}:${Buffer.alloc(32, kid).toString('base64url')}`).join(',');
}

/** Speaks to the database behind the registry's back. */
export async function sql<R>(url: string, text: string, values: unknown[] = []): Promise<R[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return (await client.query(text, values).finally(() => client.end())).rows as R[];
}

/** `ok`, or the code of a refusal. */
export const wordOf = (asked: Promise<unknown>) =>
  asked.then(
    () => 'ok',
    (error: unknown) => (error as { code: string }).code,
  );

export const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
