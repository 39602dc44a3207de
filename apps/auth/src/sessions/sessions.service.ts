import { Injectable } from '@nestjs/common';
import type { ConsoleReplyOf, listSessions } from '@orgn/console-api';
import { ServiceError, type ClientContext, type UserId } from '@orgn/contracts';
import { RecentMap } from '@orgn/service-kit';
import { AuditLog } from '../audit/audit-log.ts';
import { AuthConfig } from '../config.ts';
import type { SignedIn } from '../console/console-call.ts';
import { isOperator } from './is-operator.ts';
import { hashOf } from './browser-secret.ts';
import type { SessionEnder } from './session-ender.ts';
import { SessionsRepository, type LiveSession } from './sessions.repository.ts';

const TOUCH_AFTER_MS = 60_000;
/** Sessions that are remembered to have been good. */
const MAX_KNOWN = 10_000;

@Injectable()
export class SessionsService implements SessionEnder {
  readonly #goodLately = new RecentMap<string, true>(MAX_KNOWN);

  constructor(
    private readonly sessions: SessionsRepository,
    private readonly audit: AuditLog,
    private readonly config: AuthConfig,
  ) {}

  /** Who is signed in with this secret; undefined: nobody, or no longer. */
  async authenticate(secret: string): Promise<SignedIn | undefined> {
    const session = await this.sessions.findLive(hashOf(secret));
    if (!session) return undefined;
    this.#goodLately.set(nameOf(secret), true);
    if (Date.now() - session.lastSeenAt.getTime() > TOUCH_AFTER_MS) await this.sessions.touch(session.id);
    return { ...toSignedIn(session), isOperator: isOperator(session, this.config) };
  }

  /** Whether this secret was somebody's session when it was last asked about; says nothing about now. */
  wasGoodLately(secret: string): boolean {
    return this.#goodLately.get(nameOf(secret)) === true;
  }

  /** The caller's live sessions, newest first. */
  async list(caller: SignedIn): Promise<ConsoleReplyOf<typeof listSessions>> {
    const sessions = await this.sessions.listLive(caller.userId);
    const data = sessions.map((session) => ({
      id: session.id,
      createdAt: session.createdAt.toISOString(),
      lastSeenAt: session.lastSeenAt.toISOString(),
      authenticatedAt: session.authenticatedAt?.toISOString() ?? null,
      expiresAt: this.expiryOf(session).toISOString(),
      client: { address: session.clientAddress, userAgent: session.clientUserAgent },
      isCurrent: session.id === caller.sessionId,
    }));
    return { data };
  }

  /** The caller's own session, as it is now. @throws ServiceError `not_signed_in` when it has just ended */
  async current({ userId, sessionId }: SignedIn) {
    const session = (await this.sessions.listLive(userId)).find(({ id }) => id === sessionId);
    if (!session) throw new ServiceError('not_signed_in', 'This session has ended. Sign in again.');
    return { createdAt: session.createdAt, expiresAt: this.expiryOf(session) };
  }

  /** Ends one session of the caller. @throws ServiceError `not_found`, also for sessions of others */
  async endOne(caller: SignedIn, id: string, client: ClientContext): Promise<void> {
    await this.sessions.transaction(async (manager) => {
      const ended = await this.sessions.end({ userId: caller.userId, id }, manager);
      if (ended.length === 0) throw new ServiceError('not_found', 'You have no such session; it may have ended.');
      const object = { kind: 'session', id } as const;
      await this.audit.record({ ...endedBy(caller, client), object, after: { reason: 'ended_by_user' } }, manager);
    });
  }

  /** Ends all sessions of the caller but this one; answers how many. */
  async endOthers(caller: SignedIn, client: ClientContext): Promise<number> {
    return this.sessions.transaction(async (manager) => {
      const ended = await this.sessions.end({ userId: caller.userId, except: caller.sessionId }, manager);
      const object = { kind: 'user', id: caller.userId } as const;
      const after = { reason: 'ended_by_user', sessions: ended.length };
      await this.audit.record({ ...endedBy(caller, client), object, after }, manager);
      return ended.length;
    });
  }

  /** Ends all sessions of a person, but for the one named; answers how many. Whoever asks writes the audit entry. */
  async endAllOf(userId: UserId, except?: string): Promise<number> {
    const ended = await this.sessions.transaction((manager) => this.sessions.end({ userId, except }, manager));
    return ended.length;
  }

  private expiryOf({ createdAt, lastSeenAt }: Pick<LiveSession, 'createdAt' | 'lastSeenAt'>): Date {
    const idle = lastSeenAt.getTime() + this.config.SESSION_IDLE_SECONDS * 1_000;
    const absolute = createdAt.getTime() + this.config.SESSION_ABSOLUTE_SECONDS * 1_000;
    return new Date(Math.min(idle, absolute));
  }
}

function nameOf(secret: string): string {
  return hashOf(secret).toString('base64url');
}

function endedBy({ userId }: SignedIn, client: ClientContext) {
  return { teamId: null, actor: { kind: 'user', id: userId } as const, action: 'session.ended', client };
}

function toSignedIn({ id, userId, authenticatedAt, user }: LiveSession): Omit<SignedIn, 'isOperator'> {
  const { email, isEmailVerified, name } = user;
  return { sessionId: id, userId, authenticatedAt, email, isEmailVerified, name };
}
