import { Injectable } from '@nestjs/common';
import type { ClientContext, UserId } from '@orgn/contracts';
import { AuthConfig } from '../config.ts';
import type { SignedIn } from '../console/console-call.ts';
import { newBrowserSecret, seal, unseal } from '../sessions/browser-secret.ts';
import { authenticationTime, requireRecentIssue, requireStepUp } from './answer-checks.ts';
import { toIdentity } from './identity-claims.ts';
import { PendingSignInsRepository, type TakenSignIn } from './pending-sign-ins.repository.ts';
import { toReturnPath } from './return-path.ts';
import { SignInRefusal, type Attempt } from './sign-in-refusal.ts';
import { SignInRepository } from './sign-in.repository.ts';
import { SignInStrategy, type Checks } from './sign-in-strategy.client.ts';
import { toRefusal } from './to-refusal.ts';

const PURPOSE = 'pending sign-in';

interface BeginSignIn {
  returnTo: string | undefined;
  loginHint: string | undefined;
  isStepUp: boolean;
  /** Secret of this browser's sign-ins, if it has one already. */
  browserSecret: string | undefined;
  caller: SignedIn | undefined;
}

interface CompleteSignIn {
  /** The callback's query, as it came. */
  search: string;
  browserSecret: string | undefined;
  sessionSecret: string | undefined;
  client: ClientContext;
}

/** What a pending sign-in is about. */
interface Pending extends Attempt {
  checks: Checks;
  /** Who must come back from a step-up. */
  person: UserId | null;
}

@Injectable()
export class SignInService {
  constructor(
    private readonly strategy: SignInStrategy,
    private readonly pending: PendingSignInsRepository,
    private readonly signIns: SignInRepository,
    private readonly config: AuthConfig,
  ) {}

  /**
   * Prepares a sign-in: answers where to send the browser, and the secret that binds the sign-in to it.
   * @throws SignInRefusal
   */
  async begin(asked: BeginSignIn): Promise<{ redirectTo: string; browserSecret: string }> {
    const { caller, browserSecret = newBrowserSecret() } = asked;
    // Without somebody who is signed in there is nobody to prove again: it is an ordinary sign-in.
    const person = asked.isStepUp && caller ? caller.userId : null;
    const attempt = { returnTo: toReturnPath(asked.returnTo, this.config.CONSOLE_URL), isStepUp: person !== null };
    const loginHint = asked.loginHint ?? (person ? caller?.email : undefined);
    const request = await this.strategy.begin({ loginHint, isStepUp: attempt.isStepUp }).catch((error: unknown) => {
      throw toRefusal(error).of(attempt);
    });
    const about: Pending = { ...attempt, person, checks: request.checks };
    await this.pending.add(request.state, browserSecret, seal(browserSecret, PURPOSE, JSON.stringify(about)));
    return { redirectTo: request.redirectTo, browserSecret };
  }

  /**
   * Completes a sign-in by the provider's answer: answers the secret of the new session and where to go.
   * @throws SignInRefusal
   */
  async complete(answer: CompleteSignIn): Promise<{ sessionSecret: string; returnTo: string }> {
    const { taken, about } = await this.#take(answer);
    try {
      if (taken.hasExpired) throw new SignInRefusal('expired');
      const { claims, idToken } = await this.strategy.complete(answer.search, about.checks);
      requireRecentIssue(claims);
      if (about.person) requireStepUp(claims, taken.createdAt);
      const sessionSecret = newBrowserSecret();
      await this.signIns.record(
        {
          identity: toIdentity(claims, this.config),
          sid: typeof claims.sid === 'string' ? claims.sid : null,
          authenticatedAt: authenticationTime(claims),
          idToken,
          stepUpOf: about.person,
          formerSecret: answer.sessionSecret,
          client: answer.client,
        },
        sessionSecret,
      );
      return { sessionSecret, returnTo: about.returnTo };
    } catch (error) {
      throw error instanceof SignInRefusal ? error.of(about) : error;
    }
  }

  async #take({ search, browserSecret }: CompleteSignIn): Promise<{ taken: TakenSignIn; about: Pending }> {
    const state = new URLSearchParams(search).get('state');
    const taken = state && browserSecret ? await this.pending.take(state, browserSecret) : undefined;
    const text = taken && browserSecret ? unseal(browserSecret, PURPOSE, taken.sealed) : undefined;
    if (!taken || text === undefined) throw new SignInRefusal('unknown_state');
    return { taken, about: JSON.parse(text) as Pending };
  }
}
