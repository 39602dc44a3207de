import { Injectable } from '@nestjs/common';
import type { ClientContext, UserId } from '@orgn/contracts';
import type { EntityManager } from 'typeorm';
import { AuditLog } from '../audit/audit-log.ts';
import { hashOf, seal } from '../sessions/browser-secret.ts';
import { SessionsRepository } from '../sessions/sessions.repository.ts';
import { UserEntity } from '../users/user.entity.ts';
import { UsersRepository, type Identity } from '../users/users.repository.ts';
import { FirstSignIn } from './first-sign-in.ts';
import { SignUp } from './sign-up.ts';
import { SignInRefusal } from './sign-in-refusal.ts';

export const ID_TOKEN = 'id token';

/** A sign-in that the provider has confirmed. */
export interface ConfirmedSignIn {
  identity: Identity;
  sid: string | null;
  /** The operators' groups that the provider says this person is in. */
  operatorGroups: string[];
  /** Null: the provider does not say. */
  authenticatedAt: Date | null;
  idToken: string;
  /** Who has to be the one who signed in, if somebody had to prove again who they are. */
  stepUpOf: UserId | null;
  /** Digest of the token of the invitation link that they came by; null: by none. */
  invitation: string | null;
  /** Secret of the session that this browser had until now. */
  formerSecret: string | undefined;
  client: ClientContext;
}

/** What becomes of somebody who has never been here: whether they may come in, and what they find. */
@Injectable()
export class Newcomers {
  constructor(
    readonly signUp: SignUp,
    readonly firstSignIn: FirstSignIn,
  ) {}
}

/** Writes a sign-in down: the person, their new session, the end of this browser's former one, and the audit entry. */
@Injectable()
export class SignInRepository {
  constructor(
    private readonly users: UsersRepository,
    private readonly sessions: SessionsRepository,
    private readonly newcomers: Newcomers,
    private readonly audit: AuditLog,
  ) {}

  /** All of it or nothing. @param secret the new session's @throws SignInRefusal `wrong_person`, `not_invited` */
  record(signIn: ConfirmedSignIn, secret: string): Promise<void> {
    return this.sessions.transaction(async (manager) => {
      const user = await this.#user(signIn, manager);
      const former = signIn.formerSecret;
      const ended = former ? await this.sessions.end({ secretHash: hashOf(former) }, manager) : [];
      const session = await this.sessions.insert(toNewSession(signIn, user, secret), manager);
      await this.audit.record(
        {
          teamId: null,
          actor: { kind: 'user', id: user.id },
          action: 'session.created',
          object: { kind: 'session', id: session.id },
          before: ended[0] ? { sessionId: ended[0].id } : null,
          after: { isStepUp: signIn.stepUpOf !== null, authenticatedAt: signIn.authenticatedAt?.toISOString() ?? null },
          client: signIn.client,
        },
        manager,
      );
    });
  }

  async #user({ identity, stepUpOf, invitation }: ConfirmedSignIn, manager: EntityManager): Promise<UserEntity> {
    const { iss, sub } = identity;
    // Two tabs that sign in a new person at once must not both find them new.
    await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [JSON.stringify([iss, sub])]);
    const known = await manager.findOneBy(UserEntity, { iss, sub });
    if (stepUpOf !== null && known?.id !== stepUpOf) throw new SignInRefusal('wrong_person');
    if (!known) await this.newcomers.signUp.admit({ identity, invitation }, manager);
    const user = await this.users.upsert(identity, { isSignIn: true, manager });
    if (!known?.lastSignedInAt) await this.newcomers.firstSignIn.welcome(user, manager);
    return user;
  }
}

function toNewSession({ identity, client, ...signIn }: ConfirmedSignIn, user: UserEntity, secret: string) {
  return {
    secretHash: hashOf(secret),
    userId: user.id,
    iss: identity.iss,
    sub: identity.sub,
    sid: signIn.sid,
    operatorGroups: signIn.operatorGroups,
    authenticatedAt: signIn.authenticatedAt,
    idTokenSealed: seal(secret, ID_TOKEN, signIn.idToken),
    clientAddress: client.address,
    clientUserAgent: client.userAgent,
  };
}
