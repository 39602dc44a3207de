import type { ServiceError } from '@orgn/contracts';
import type { DispatchError } from '@orgn/dialects';

/** The attempt that an answer belongs to: told when it came to nothing, so that another one can follow. */
export interface Attempt {
  /** The attempt ended without an answer. The caller gets `refusal` if no other attempt follows. */
  failed(refusal: DispatchError, cause: ServiceError, chance: { isRetryable: boolean }): void;
}
