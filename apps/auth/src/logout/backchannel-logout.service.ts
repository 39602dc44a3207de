import { Injectable } from '@nestjs/common';
import type { ClientContext } from '@orgn/contracts';
import { AuditLog } from '../audit/audit-log.ts';
import { SessionsRepository } from '../sessions/sessions.repository.ts';
import { LogoutTokenRefusal } from './logout-token-refusal.ts';
import { LogoutTokens, type LogoutToken } from './logout-tokens.client.ts';
import { toEntry } from './logout.service.ts';
import { SeenLogoutTokensRepository } from './seen-logout-tokens.repository.ts';

const MAX_TOKEN_LENGTH = 16_384;

@Injectable()
export class BackchannelLogoutService {
  constructor(
    private readonly tokens: LogoutTokens,
    private readonly seen: SeenLogoutTokensRepository,
    private readonly sessions: SessionsRepository,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Ends the sessions that the provider names; they are gone when this returns.
   * @param body the form that was posted
   * @throws ServiceError `invalid_request`, `service_unavailable`
   */
  async obey(body: string, client: ClientContext): Promise<void> {
    const token = await this.tokens.verify(toLogoutTokenText(body));
    await this.sessions.transaction(async (manager) => {
      if (!(await this.seen.note(token.iss, token.jti, manager)))
        throw new LogoutTokenRefusal('used_before', {}, undefined, true);
      const ended = await this.sessions.end(toSelection(token), manager);
      for (const { id } of ended) {
        await this.audit.record({ ...toEntry(id, 'ended_by_provider', client), actor: { kind: 'system' } }, manager);
      }
    });
  }
}

function toLogoutTokenText(body: string): string {
  const tokens = new URLSearchParams(body).getAll('logout_token');
  const [token] = tokens;
  if (token && tokens.length === 1 && token.length <= MAX_TOKEN_LENGTH) return token;
  throw new LogoutTokenRefusal('no_token');
}

/** Without a session of the provider, all sessions of the person are meant. */
function toSelection({ iss, sid, sub }: LogoutToken) {
  return sid === undefined ? { iss, sub: sub ?? '' } : { iss, sid, ...(sub !== undefined && { sub }) };
}
