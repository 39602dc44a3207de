import { errorTable, ServiceError, type ErrorCode } from '@orgn/contracts';
import {
  toAnthropicError,
  toOpenAiError,
  type AnthropicError,
  type DispatchError,
  type OpenAiError,
} from '@orgn/dialects';
import type { Dialect } from '../paths/dialect.ts';
import { frameworkRefusal } from './framework-refusal.ts';
import { RefusalError } from './refusal.error.ts';

/** An error as it leaves at the edge. */
export interface EdgeAnswer {
  status: number;
  headers: Record<string, string>;
  body: OpenAiError | AnthropicError;
}

/** How long a caller should wait before it tries again, in seconds, where we have nothing better to say. */
const RETRY_AFTER_SECONDS = 1;

/** Renders any failure in the envelope of its caller's protocol. What was not declared becomes a 500 that says nothing. */
export function toEdgeAnswer(exception: unknown, to: { requestId: string; dialect: Dialect }): EdgeAnswer {
  const error = toDispatchError(exception);
  const status = error.status ?? errorTable[error.code].status;
  const body =
    to.dialect === 'anthropic' ? toAnthropicError(error, to.requestId, status) : openAiBody(error, to.requestId);
  return { status, headers: headersFor(status, error), body };
}

/** Why a request was refused, in words of ours. */
export function reasonOf(exception: unknown): { code: ErrorCode; param: string | undefined } {
  const { code, param } = toDispatchError(exception);
  return { code, param: param ?? undefined };
}

/** Whether an exception is one we declared; anything else deserves a look at the log. */
export function isDeclared(exception: unknown): boolean {
  return exception instanceof RefusalError || toDispatchError(exception).code !== 'internal';
}

/** A provider's own type and code are shown where they are the caller's business. */
function openAiBody(error: DispatchError, requestId: string): OpenAiError {
  const body = toOpenAiError(error, requestId);
  if (error.type) body.error.type = error.type;
  if (error.code === 'provider_error') body.error.code = error.providerCode ?? 'invalid_request';
  return body;
}

function toDispatchError(exception: unknown): DispatchError {
  if (exception instanceof RefusalError) return exception.refusal;
  if (exception instanceof ServiceError)
    return { code: exception.code, message: exception.message, param: exception.param };
  return frameworkRefusal(exception) ?? { code: 'internal', message: 'Something went wrong on our side.' };
}

function headersFor(status: number, error: DispatchError): Record<string, string> {
  // Official SDKs obey the first, and otherwise repeat every 409.
  const retry = { 'x-should-retry': String(canRepeat(status, error)), ...attestationOf(error) };
  if (error.allow) return { ...retry, allow: error.allow.join(', ') };
  if (status === 426) return { ...retry, connection: 'upgrade', upgrade: 'HTTP/1.1' };
  if (status === 401) return { ...retry, 'www-authenticate': 'Bearer' };
  const seconds = retryAfterOf(status, error);
  return seconds === undefined ? retry : { ...retry, 'retry-after': String(seconds) };
}

/** How the enclave stands that a request was kept from. */
function attestationOf({ checks }: DispatchError): Record<string, string> {
  if (!checks) return {};
  return { 'x-ollm-attestation': checks.some(({ status }) => status === 'fail') ? 'failed' : 'unknown' };
}

function canRepeat(status: number, { isLasting = false }: DispatchError): boolean {
  return !isLasting && (status === 408 || status === 429 || status >= 500);
}

/** A provider's 503 is a 502 here, and its word on when to come back holds. */
function retryAfterOf(status: number, { retryAfterSeconds, isLasting }: DispatchError): number | undefined {
  if (isLasting) return undefined;
  return retryAfterSeconds ?? (status === 429 || status === 503 ? RETRY_AFTER_SECONDS : undefined);
}
