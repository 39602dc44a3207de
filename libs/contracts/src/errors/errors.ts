/** Every error that may cross a process border. The gateway's table gives each one its HTTP status and type. */
export const errorCodes = [
  'admission_expired',
  'admission_refused',
  'attestation_failed',
  'balance_busy',
  'budget_exceeded',
  'capability_not_supported',
  'confirmation_required',
  'cross_site_request',
  'execution_policy',
  'idempotency_completed',
  'idempotency_in_progress',
  'idempotency_mismatch',
  'insufficient_balance',
  'internal',
  'invalid_api_key',
  'invalid_request',
  'ip_not_allowed',
  'key_disabled',
  'key_expired',
  'key_owner_removed',
  'key_quarantined',
  'key_revoked',
  'metering_unavailable',
  'method_not_allowed',
  'missing_api_key',
  'model_not_allowed',
  'model_not_found',
  'not_found',
  'not_permitted',
  'not_signed_in',
  'not_supported_yet',
  'not_supported_zero_retention',
  'provider_error',
  'provider_timeout',
  'provider_unavailable',
  'rate_limit_exceeded',
  'reauthentication_required',
  'request_conflict',
  'request_timeout',
  'request_too_large',
  'service_unavailable',
  'team_not_found',
  'team_suspended',
  'thread_unsupported_request',
  'unknown_parameter',
  'upgrade_refused',
  'zdr_unavailable',
] as const;

/** A declared error code: the only part of an error that survives a process border. */
export type ErrorCode = (typeof errorCodes)[number];

/** How an error travels on the bus. */
export interface WireError {
  code: ErrorCode;
  message: string;
  param?: string | undefined;
  checks?: FailedCheck[] | undefined;
}

/** A check of an enclave that did not pass; what each id means says docs/verification.md. */
export interface FailedCheck {
  id: string;
  status: 'fail' | 'unknown';
}

/**
 * How many frames V8 keeps of where an error was made. A refusal tells by its code all that there is to tell; keeping frames
 * of each would be a good part of what a stranger costs. What is a fault of ours has them, and so has every cause.
 */
const traces = Error as { stackTraceLimit?: number | undefined };

interface ErrorDetail {
  param?: string | undefined;
  cause?: unknown;
  checks?: FailedCheck[] | undefined;
}

/**
 * A failure with a declared code. `message` is safe to show to the caller: it says what happened and what to do, and
 * never quotes a secret, a prompt or foreign text. Causes stay in this process.
 */
export class ServiceError extends Error {
  readonly code: ErrorCode;
  /** The field at fault, as a path in the request (`messages[0].role`). */
  readonly param: string | undefined;
  /** Of an enclave that was not believed. */
  readonly checks: FailedCheck[] | undefined;

  constructor(code: ErrorCode, message: string, options: ErrorDetail = {}) {
    const limit = traces.stackTraceLimit;
    if (code !== 'internal') traces.stackTraceLimit = 0;
    super(message, { cause: options.cause });
    traces.stackTraceLimit = limit;
    this.name = 'ServiceError';
    this.code = code;
    this.param = options.param;
    this.checks = options.checks;
  }

  toWire(): WireError {
    const { code, message, param, checks } = this;
    return checks ? { code, message, param, checks } : { code, message, param };
  }

  static fromWire(wire: WireError): ServiceError {
    return new ServiceError(wire.code, wire.message, { param: wire.param, checks: wire.checks });
  }
}
