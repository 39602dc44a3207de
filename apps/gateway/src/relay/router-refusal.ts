import { dispatchError, type DispatchError } from '@orgn/dialects';
import type { ErrorCode } from '@orgn/contracts';
import { RefusalError } from '../errors/refusal.error.ts';

/** Why a router did not answer a request. */
export interface RouterRefusal {
  error: unknown;
  /** A provider may have seen the request. */
  wasDispatched: boolean;
  /** Another router may take it. */
  isNotTaken: boolean;
}

/** What a router refuses before it asks a provider. Under any other code one may have been asked. */
const beforeDispatch: ReadonlySet<ErrorCode> = new Set([
  'admission_expired',
  'admission_refused',
  'attestation_failed',
  'capability_not_supported',
  'execution_policy',
  'invalid_request',
  'model_not_allowed',
  'model_not_found',
  'unknown_parameter',
]);

/** @param body of a router's refusal */
export function toRefusal(body: Buffer): RouterRefusal {
  const refusal = parse(body);
  const { code, isNotTaken = false } = refusal;
  return { error: new RefusalError(refusal), wasDispatched: !isNotTaken && !beforeDispatch.has(code), isNotTaken };
}

function parse(body: Buffer): DispatchError {
  try {
    return dispatchError.parse(JSON.parse(body.toString('utf8')));
  } catch {
    return { code: 'internal', message: 'Something went wrong on our side.' };
  }
}
