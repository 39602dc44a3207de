import { Injectable } from '@nestjs/common';
import type { ClientContext } from '@orgn/contracts';
import { AuditLog, type AuditEntry } from '../audit/audit-log.ts';
import { hashOf, unseal } from '../sessions/browser-secret.ts';
import { SessionsRepository } from '../sessions/sessions.repository.ts';
import { IdentityProvider } from '../sign-in/identity-provider.client.ts';
import { ProviderKeys } from '../sign-in/provider-keys.client.ts';
import { ID_TOKEN } from '../sign-in/sign-in.repository.ts';

@Injectable()
export class LogoutService {
  constructor(
    private readonly sessions: SessionsRepository,
    private readonly provider: IdentityProvider,
    private readonly keys: ProviderKeys,
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
    const sealed = session?.idTokenSealed;
    const idToken = sealed ? unseal(secret, ID_TOKEN, sealed) : undefined;
    const logoutUrl = await this.#wayOut(idToken).catch(() => undefined);
    return { logoutUrl: logoutUrl ?? '/' };
  }

  /**
   * Through the provider, which ends its own session too. A hint that it does not know for its own any more would end there
   * in an error, with its session alive; without one it goes by this deployment's name and may ask the person.
   */
  async #wayOut(idToken: string | undefined): Promise<string | undefined> {
    const isGood = idToken !== undefined && (await this.keys.vouchFor(idToken));
    return this.provider.endSessionUrl(isGood ? idToken : undefined);
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
