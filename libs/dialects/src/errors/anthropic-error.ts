import { errorTable, type ErrorCode, type FailedCheck, type WireError } from '@orgn/contracts';

/** Anthropic's error envelope. Our own code and the field at fault are in `details`, which its SDK shows. */
export interface AnthropicError {
  type: 'error';
  error: {
    type: string;
    message: string;
    /** `unsupported` names what a client may leave out and then go on, as Anthropic's SDKs do of `thread`. */
    details: { error_code: ErrorCode; param: string | null; unsupported?: string[]; checks?: FailedCheck[] };
  };
  request_id: string;
}

const types = new Map<number, string>([
  [401, 'authentication_error'],
  [403, 'permission_error'],
  [404, 'not_found_error'],
  [409, 'conflict_error'],
  [413, 'request_too_large'],
  [429, 'rate_limit_error'],
  [500, 'api_error'],
  [502, 'api_error'],
  [503, 'overloaded_error'],
  [504, 'timeout_error'],
]);

/** @param status where it differs from the code's own, as with a provider's error that passes */
export function toAnthropicError(error: WireError, requestId: string, status?: number): AnthropicError {
  const row = errorTable[error.code];
  const type =
    row.type === 'insufficient_quota' ? 'billing_error' : (types.get(status ?? row.status) ?? 'invalid_request_error');
  return {
    type: 'error',
    error: {
      type,
      message: error.message,
      details: {
        error_code: error.code,
        param: error.param ?? null,
        ...(error.checks && { checks: error.checks }),
        ...(error.code === 'thread_unsupported_request' && { unsupported: ['thread'] }),
      },
    },
    request_id: requestId,
  };
}
