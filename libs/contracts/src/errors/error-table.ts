import type { ErrorCode } from './errors.ts';

export interface ErrorRow {
  status: number;
  /** OpenAI's `error.type`. */
  type:
    | 'invalid_request_error'
    | 'authentication_error'
    | 'permission_error'
    | 'rate_limit_error'
    | 'insufficient_quota'
    | 'server_error';
}

/** How each declared code leaves at the edge. A new code does not compile until it has its row. */
export const errorTable = {
  admission_expired: { status: 503, type: 'server_error' },
  admission_refused: { status: 503, type: 'server_error' },
  attestation_failed: { status: 503, type: 'server_error' },
  balance_busy: { status: 503, type: 'server_error' },
  budget_exceeded: { status: 403, type: 'insufficient_quota' },
  capability_not_supported: { status: 400, type: 'invalid_request_error' },
  confirmation_required: { status: 409, type: 'invalid_request_error' },
  cross_site_request: { status: 403, type: 'permission_error' },
  execution_policy: { status: 403, type: 'permission_error' },
  idempotency_completed: { status: 409, type: 'invalid_request_error' },
  idempotency_in_progress: { status: 409, type: 'invalid_request_error' },
  idempotency_mismatch: { status: 422, type: 'invalid_request_error' },
  insufficient_balance: { status: 403, type: 'insufficient_quota' },
  internal: { status: 500, type: 'server_error' },
  invalid_api_key: { status: 401, type: 'authentication_error' },
  invalid_request: { status: 400, type: 'invalid_request_error' },
  ip_not_allowed: { status: 403, type: 'permission_error' },
  key_disabled: { status: 403, type: 'permission_error' },
  key_expired: { status: 401, type: 'authentication_error' },
  key_owner_removed: { status: 403, type: 'permission_error' },
  key_quarantined: { status: 403, type: 'permission_error' },
  key_revoked: { status: 401, type: 'authentication_error' },
  metering_unavailable: { status: 503, type: 'server_error' },
  method_not_allowed: { status: 405, type: 'invalid_request_error' },
  missing_api_key: { status: 401, type: 'authentication_error' },
  model_not_allowed: { status: 403, type: 'permission_error' },
  model_not_found: { status: 404, type: 'invalid_request_error' },
  not_found: { status: 404, type: 'invalid_request_error' },
  not_permitted: { status: 403, type: 'permission_error' },
  not_signed_in: { status: 401, type: 'authentication_error' },
  not_supported_yet: { status: 400, type: 'invalid_request_error' },
  not_supported_zero_retention: { status: 400, type: 'invalid_request_error' },
  provider_error: { status: 400, type: 'invalid_request_error' },
  provider_timeout: { status: 504, type: 'server_error' },
  provider_unavailable: { status: 502, type: 'server_error' },
  rate_limit_exceeded: { status: 429, type: 'rate_limit_error' },
  reauthentication_required: { status: 403, type: 'permission_error' },
  request_conflict: { status: 409, type: 'invalid_request_error' },
  request_timeout: { status: 408, type: 'invalid_request_error' },
  request_too_large: { status: 413, type: 'invalid_request_error' },
  service_unavailable: { status: 503, type: 'server_error' },
  team_not_found: { status: 404, type: 'invalid_request_error' },
  team_suspended: { status: 403, type: 'permission_error' },
  thread_unsupported_request: { status: 400, type: 'invalid_request_error' },
  unknown_parameter: { status: 400, type: 'invalid_request_error' },
  upgrade_refused: { status: 426, type: 'invalid_request_error' },
  zdr_unavailable: { status: 503, type: 'server_error' },
} as const satisfies Record<ErrorCode, ErrorRow>;
