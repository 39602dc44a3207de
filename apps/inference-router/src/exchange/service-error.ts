import { ServiceError } from '@orgn/contracts';

/** A declared error as it is; anything else as a fault of ours that tells nothing. */
export function toServiceError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  return new ServiceError('internal', 'Something went wrong on our side.', { cause: error });
}
