import { Injectable } from '@nestjs/common';
import type { ClientContext, UserId } from '@orgn/contracts';
import { AuthConfig } from '../config.ts';
import type { SignedIn } from '../console/console-call.ts';
import { newBrowserSecret, seal, unseal } from '../sessions/browser-secret.ts';
import { authenticationTime, hasProvedSince, requireRecentIssue, requireStepUp } from './answer-checks.ts';
import { operatorGroupsOf } from './group-claims.ts';
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
  /** Digest of the token of the invitation link that the person comes by. */
  invitation: string | undefined;
  /** Secret of this browser's sign-ins, if it has one already. */
  browserSecret: string | undefined;
  caller: SignedIn | undefined;
}

interface CompleteSignIn {
  /** The callback's query, as it came. */
  search: string;
  browserSecret: string | undefined;
  sessionSecret: string | undefined;
  /** Who is signed in in this browser already. */
  caller: SignedIn | undefined;
  client: ClientContext;
}

/** Where a completed sign-in goes on; without a secret, in the session that the browser has. */
interface Completed {
  sessionSecret: string | undefined;
  returnTo: string;
}

/** What a pending sign-in is about. */
interface Pending extends Attempt {
  checks: Checks;
  /** Who must come back from a step-up. */
  person: UserId | null;
  /** Digest of the token of an invitation. Sign-ins that were begun before an upgrade say nothing of it. */
  invitation?: string | null;
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
      throw toRefusal(error).of(attempt, caller !== undefined);
    });
    const about: Pending = { ...attempt, person, invitation: asked.invitation ?? null, checks: request.checks };
    await this.pending.add(request.state, browserSecret, seal(browserSecret, PURPOSE, JSON.stringify(about)));
    return { redirectTo: request.redirectTo, browserSecret };
  }

  /**
   * Completes a sign-in by the provider's answer: answers the secret of the new session and where to go. An answer that
   * comes late or once more, by the Back button for example, ends in the session that an earlier one has made.
   * @throws SignInRefusal
   */
  async complete(answer: CompleteSignIn): Promise<Completed> {
    const state = new URLSearchParams(answer.search).get('state') ?? '';
    const found = await this.#take(state, answer.browserSecret);
    if (!found) return elsewhere(answer.caller);
    const { taken, about } = found;
    try {
      const isLate = taken.wasAnswered || taken.hasExpired;
      return isLate ? late(about, taken, answer.caller) : await this.#redeem(answer, taken, about);
    } catch (error) {
      if (!(error instanceof SignInRefusal)) throw error;
      if (error.reason === 'provider_unreachable') await this.pending.giveBack(state);
      throw error.of(about, endsSomething(taken, answer.caller));
    }
  }

  async #redeem({ search, sessionSecret, client }: CompleteSignIn, taken: TakenSignIn, about: Pending) {
    const { claims, idToken } = await this.strategy.complete(search, about.checks);
    requireRecentIssue(claims);
    if (about.person) requireStepUp(claims, taken.createdAt);
    const newSecret = newBrowserSecret();
    await this.signIns.record(
      {
        identity: toIdentity(claims, this.config),
        sid: typeof claims.sid === 'string' ? claims.sid : null,
        operatorGroups: operatorGroupsOf(claims, this.config),
        authenticatedAt: authenticationTime(claims),
        idToken,
        stepUpOf: about.person,
        invitation: about.invitation ?? null,
        formerSecret: sessionSecret,
        client,
      },
      newSecret,
    );
    return { sessionSecret: newSecret, returnTo: about.returnTo };
  }

  async #take(state: string, browserSecret: string | undefined) {
    const taken = state && browserSecret ? await this.pending.take(state, browserSecret) : undefined;
    const text = taken && browserSecret ? unseal(browserSecret, PURPOSE, taken.sealed) : undefined;
    return taken && text !== undefined ? { taken, about: JSON.parse(text) as Pending } : undefined;
  }
}

/** The first answer ends a pending sign-in; anybody can repeat it as often as they like. */
function endsSomething({ wasAnswered }: TakenSignIn, caller: SignedIn | undefined): boolean {
  return !wasAnswered || caller !== undefined;
}

/** An answer to nothing that is known here. */
function elsewhere(caller: SignedIn | undefined): Completed {
  if (caller) return { sessionSecret: undefined, returnTo: '/' };
  throw new SignInRefusal('unknown_state');
}

/** An answer that does not count any more. */
function late(about: Pending, taken: TakenSignIn, caller: SignedIn | undefined): Completed {
  if (isDone(about, taken, caller)) return { sessionSecret: undefined, returnTo: about.returnTo };
  throw new SignInRefusal(taken.hasExpired ? 'expired' : 'answered');
}

/** Whether somebody is signed in already as this sign-in was to sign them in. */
function isDone({ person }: Pending, { createdAt }: TakenSignIn, caller: SignedIn | undefined): boolean {
  if (!caller) return false;
  return person === null || (person === caller.userId && hasProvedSince(caller.authenticatedAt, createdAt));
}
