import { createHash, randomBytes } from 'node:crypto';

/** The secret of an invitation link: 256 random bits. Whoever invites and whoever is invited see it, and nobody else. */
export function newInvitationToken(): string {
  return randomBytes(32).toString('base64url');
}

/** What is kept of a token. */
export function toTokenDigest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** In the fragment, which browsers keep to themselves: no log on the way sees the token. */
export function toInvitationLink(consoleUrl: string, token: string): string {
  return `${consoleUrl}/invitations/accept#token=${token}`;
}
