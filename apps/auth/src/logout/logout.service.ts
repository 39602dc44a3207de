import { Injectable } from '@nestjs/common';
import type { ClientContext } from '@orgn/contracts';
import { AuditLog, type AuditEntry } from '../audit/audit-log.ts';
import { hashOf, unseal } from '../sessions/browser-secret.ts';
import { SessionsRepository } from '../sessions/sessions.repository.ts';
import { IdentityProvider } from '../sign-in/identity-provider.client.ts';
import { ID_TOKEN } from '../sign-in/sign-in.repository.ts';

@Injectable()
export class LogoutService {
  constructor(
    private readonly sessions: SessionsRepository,
    private readonly provider: IdentityProvider,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Ends the session of this secret, if there is one, whatever the provider does. Answers where to go next to sign out of
   * the provider as well; the start page where that is not possible.
   */
  async signOut(secret: string | undefined, client: ClientContext): Promise<{ logoutUrl: string }> {
    if (secret === undefined) return { logoutUrl: '/' };
    const session = await this.sessions.findLive(hashOf(secret));
    await this.sessions.transaction(async (manager) => {
      const ended = await this.sessions.end({ secretHash: hashOf(secret) }, manager);
      for (const { id, userId } of ended) {
        const actor = { kind: 'user', id: userId } as const;
        await this.audit.record({ ...toEntry(id, 'signed_out', client), actor }, manager);
      }
    });
    if (!session) return { logoutUrl: '/' };
    const idToken = session.idTokenSealed ? unseal(secret, ID_TOKEN, session.idTokenSealed) : undefined;
    const logoutUrl = await this.provider.endSessionUrl(idToken).catch(() => undefined);
    return { logoutUrl: logoutUrl ?? '/' };
  }
}

export function toEntry(sessionId: string, reason: string, client: ClientContext): Omit<AuditEntry, 'actor'> {
  return {
    teamId: null,
    action: 'session.ended',
    object: { kind: 'session', id: sessionId },
    after: { reason },
    client,
  };
}
