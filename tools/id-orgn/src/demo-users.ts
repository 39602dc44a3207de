import { readFileSync } from 'node:fs';
import { z } from 'zod';

const demoUser = z.object({
  email: z.email(),
  role: z.enum(['owner', 'admin', 'member', 'viewer']),
  sub: z.string().min(1),
  name: z.string().min(1),
  groups: z.array(z.string()).default([]),
});

export type DemoUser = z.infer<typeof demoUser>;

// The file lies beside package.json, where the start command reads it too; src and dist are equally far from it.
const file = new URL('../demo-users.json', import.meta.url);

/** Everybody who can sign in. */
export const demoUsers: readonly DemoUser[] = z.array(demoUser).parse(JSON.parse(readFileSync(file, 'utf8')));

/** The demo user with an address, whatever its case. */
export function findByEmail(email: unknown): DemoUser | undefined {
  return typeof email === 'string' ? demoUsers.find((user) => user.email === email.toLowerCase()) : undefined;
}

/** The demo user with a subject identifier. */
export function findBySub(sub: string): DemoUser | undefined {
  return demoUsers.find((user) => user.sub === sub);
}
