import { ServiceError } from '@orgn/contracts';
import type { Fault } from '../sign-in/fault.ts';

const WORDS = {
  no_token: 'Send one logout_token in a form.',
  invalid: 'This logout token is not valid here.',
  used_before: 'This logout token was used before.',
} as const;

/** A logout token that is not obeyed. Whoever sent it learns its words; what exactly is wrong is for the log. */
export class LogoutTokenRefusal extends ServiceError {
  constructor(
    readonly reason: keyof typeof WORDS,
    readonly fault: Fault = {},
    cause?: unknown,
    /** The provider has signed it, whatever else is wrong with it: no stranger can make such a token. */
    readonly isSigned = false,
  ) {
    super('invalid_request', WORDS[reason], { cause, param: 'logout_token' });
  }
}
