import { ServiceError } from '@orgn/contracts';

/** The model's or the provider's fault: nobody may run what it did not ask for. */
export function malformedCall(): ServiceError {
  return new ServiceError('provider_unavailable', 'The model provider sent a malformed tool call.');
}
