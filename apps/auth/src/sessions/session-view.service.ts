import { Injectable } from '@nestjs/common';
import type { ConsoleReplyOf, getSession } from '@orgn/console-api';
import type { SignedIn } from '../console/console-call.ts';
import { SessionsService } from './sessions.service.ts';
import { StepUpService } from './step-up.service.ts';
import { TeamsOfUser } from './teams-of-user.ts';

@Injectable()
export class SessionViewService {
  constructor(
    private readonly sessions: SessionsService,
    private readonly stepUp: StepUpService,
    private readonly teams: TeamsOfUser,
  ) {}

  /** What a page needs to know first: who is here, since when and until when, and in which teams. */
  async show(caller: SignedIn): Promise<ConsoleReplyOf<typeof getSession>> {
    const [{ createdAt, expiresAt }, teams] = await Promise.all([
      this.sessions.current(caller),
      this.teams.of(caller.userId),
    ]);
    const { userId: id, email, isEmailVerified: emailVerified, name, isOperator } = caller;
    return {
      user: { id, email, emailVerified, name, isOperator },
      session: {
        id: caller.sessionId,
        createdAt: createdAt.toISOString(),
        expiresAt: expiresAt.toISOString(),
        authenticatedAt: caller.authenticatedAt?.toISOString() ?? null,
        isFresh: this.stepUp.isFresh(caller),
      },
      teams,
    };
  }
}
