import { HttpException } from '@nestjs/common';
import type { ErrorCode } from '@orgn/contracts';
import type { DispatchError } from '@orgn/dialects';

const MALFORMED = 'The request is malformed.';
const NO_BODY = 'The request has no body; send a JSON object.';
const NO_URL = 'The URL is not well-formed: percent-encode what may not stand in it.';
const TOO_LARGE = 'The request body is larger than what is accepted here.';
const MEDIA = 'Send the body as JSON, with the header "content-type: application/json".';

/** What Fastify refuses by itself, code by code. Its own texts are replaced, since they may quote the request. */
const byCode: Readonly<Record<string, DispatchError>> = {
  FST_ERR_NOT_FOUND: { code: 'not_found', message: 'There is no such endpoint.' },
  FST_ERR_VALIDATION: { code: 'invalid_request', message: MALFORMED },
  FST_ERR_CTP_BODY_TOO_LARGE: { code: 'request_too_large', message: TOO_LARGE },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: { code: 'invalid_request', message: MEDIA },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: { code: 'invalid_request', message: 'The body is not as long as it says.' },
  FST_ERR_CTP_EMPTY_JSON_BODY: { code: 'invalid_request', message: NO_BODY },
  FST_ERR_CTP_INVALID_JSON_BODY: { code: 'invalid_request', message: 'The request body is not valid JSON.' },
  FST_ERR_CTP_INSTANCE_ALREADY_STARTED: { code: 'invalid_request', message: MALFORMED },
  FST_ERR_BAD_URL: { code: 'invalid_request', message: NO_URL },
  FST_ERR_MAX_PARAM_LENGTH: { code: 'not_found', message: 'No id is as long as the one in the URL.' },
  FST_ERR_INVALID_URL: { code: 'invalid_request', message: NO_URL },
  FST_ERR_ROUTE_MISSING_CONTENT_TYPE: { code: 'invalid_request', message: MEDIA },
  FST_ERR_ROUTE_MISSING_CONTENT: { code: 'invalid_request', message: NO_BODY },
  FST_ERR_HANDLER_TIMEOUT: {
    code: 'service_unavailable',
    message: 'The request took too long on our side; try again.',
  },
};

/** What else is refused with a status of its own, by Nest or by what it wraps. */
const byStatus: Readonly<Record<number, ErrorCode>> = {
  404: 'not_found',
  405: 'method_not_allowed',
  408: 'request_timeout',
  413: 'request_too_large',
  429: 'rate_limit_exceeded',
  431: 'request_too_large',
};

/** The row of a refusal that the HTTP framework raised, however often it was wrapped; undefined for anything else. */
export function frameworkRefusal(exception: unknown): DispatchError | undefined {
  const { code = '', statusCode } = (exception ?? {}) as { code?: string; statusCode?: number };
  if (Object.hasOwn(byCode, code)) return byCode[code];
  if (exception instanceof HttpException)
    return frameworkRefusal(exception.cause) ?? refusalOfStatus(exception.getStatus());
  return code.startsWith('FST_ERR_') && statusCode !== undefined ? refusalOfStatus(statusCode) : undefined;
}

/** @returns undefined for a status that is not the caller's fault */
function refusalOfStatus(status: number): DispatchError | undefined {
  if (status < 400 || status >= 500) return undefined;
  return { code: byStatus[status] ?? 'invalid_request', message: MALFORMED };
}
