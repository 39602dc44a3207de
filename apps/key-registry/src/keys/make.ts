import { randomBytes } from 'node:crypto';
import type { registerKey } from '@orgn/contracts';
import type { z } from 'zod';

export type Registration = z.input<typeof registerKey.request>;

let made = 0;

/** SHA-256 of some key that nobody has. */
export const makeDigest = () => randomBytes(32).toString('base64url');

/** A registration that the registry accepts. */
export function makeRegistration(overrides: Partial<Registration> = {}): Registration {
  made += 1;
  const settings = { teamId: 'team_acme', name: `key ${made}`, expiresAt: null, models: null };
  return { digest: makeDigest(), hint: 'sk-ollm-…o5p6', executionPolicy: 'any', ...settings, ...overrides };
}

/** KEY_PEPPERS with a secret of its own for each kid. */
export function makePeppers(...kids: string[]): string {
  return kids.map((kid) => `${kid}:${Buffer.alloc(32, kid).toString('base64url')}`).join(',');
}
