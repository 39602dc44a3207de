import { ServiceError } from '@orgn/contracts';

/** What a fault met while reading an answer is to the caller. Only errors of ours say more than that it was unreadable. */
export function toAnswerFault(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  return new ServiceError('provider_unavailable', 'The model provider sent a malformed answer.', { cause: error });
}
