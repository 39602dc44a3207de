import { STATUS_CODES } from 'node:http';
import { type Problem } from '@orgn/console-api';
import { type ErrorCode, errorTable, type ServiceError } from '@orgn/contracts';

/** Where a person mends a refusal, and comes back from; a page of the console may put its own path for `returnTo`. */
const actions: Partial<Record<ErrorCode, string>> = {
  not_signed_in: '/api/auth/login?returnTo=%2F',
  reauthentication_required: '/api/auth/login?stepUp=1&returnTo=%2F',
};

/** A refusal as the console API answers it. */
export function toProblem(error: ServiceError, requestId: string): Problem {
  const { status } = errorTable[error.code];
  const action = actions[error.code];
  return {
    type: `urn:orgn-gateway:problem:${error.code}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    code: error.code,
    detail: error.message,
    ...(error.param !== undefined && { errors: [{ path: error.param, message: error.message }] }),
    ...(action !== undefined && { action }),
    requestId,
  };
}
