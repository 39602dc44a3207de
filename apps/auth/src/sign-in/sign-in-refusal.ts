import type { Fault } from './fault.ts';

/** Why a sign-in failed: what is logged, audited and explained; never what the provider or the browser sent. */
export const refusalReasons = [
  'unknown_state',
  'answered',
  'expired',
  'denied',
  'provider_refused',
  'code_refused',
  'untrusted_answer',
  'clock_skew',
  'wrong_person',
  'not_fresh',
  'no_auth_time',
  'not_invited',
  'provider_unreachable',
  'provider_misconfigured',
  'simulator_in_production',
] as const;
export type RefusalReason = (typeof refusalReasons)[number];

/** What a failed sign-in was for, so that it can be tried again. */
export interface Attempt {
  returnTo: string;
  isStepUp: boolean;
}

/** A sign-in that failed. It ends in a page with a way on. */
export class SignInRefusal extends Error {
  attempt: Attempt = { returnTo: '/', isStepUp: false };
  /** It touched a sign-in that was pending here, or a person who is signed in: not just anybody's made-up request. */
  isOfSomebody = false;

  /** @param fault what exactly was wrong, in names that may be logged */
  constructor(
    readonly reason: RefusalReason,
    cause?: unknown,
    readonly fault: Fault = {},
  ) {
    super(`sign-in refused: ${reason}`, { cause });
    this.name = 'SignInRefusal';
  }

  /** The same refusal, of an attempt that is known. */
  of(attempt: Attempt, isOfSomebody: boolean): this {
    this.attempt = attempt;
    this.isOfSomebody = isOfSomebody;
    return this;
  }
}
