import type { ServiceError } from '@orgn/contracts';
import type { DispatchError } from '@orgn/dialects';

/** Whether the same request may be sent to the same model again. */
export interface Chance {
  isRetryable: boolean;
}

/** The attempt that an answer belongs to: told when it came to nothing, so that another one can follow. */
export interface Attempt {
  /** The attempt ended before anything of it was sent. The caller gets `refusal` if no other attempt follows. */
  failed(refusal: DispatchError, cause: ServiceError, chance: Chance): void;
}

/** The same for an error of ours. */
export function failedBy(attempt: Attempt, error: ServiceError, chance: Chance = { isRetryable: false }): void {
  attempt.failed(error.toWire(), error, chance);
}
