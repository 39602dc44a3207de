/** Why a sign-in failed: what is logged, audited and explained; never what the provider or the browser sent. */
export const refusalReasons = [
  'unknown_state',
  'expired',
  'denied',
  'provider_refused',
  'code_refused',
  'untrusted_answer',
  'clock_skew',
  'wrong_person',
  'not_fresh',
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

  constructor(
    readonly reason: RefusalReason,
    cause?: unknown,
  ) {
    super(`sign-in refused: ${reason}`, { cause });
    this.name = 'SignInRefusal';
  }

  /** The same refusal, of an attempt that is known. */
  of(attempt: Attempt): this {
    this.attempt = attempt;
    return this;
  }
}
