import type { ErrorCode } from '@orgn/contracts';

/** What the documentation says of an error: one sentence each. */
export interface ErrorDoc {
  /** When a caller meets it. */
  when: string;
  /** What the caller should do. */
  action: string;
}

const KEY_OWNER = 'Ask an owner or admin of the team.';
const RETRY = 'Retry after the seconds in `retry-after`, with growing pauses.';

/** The text beside `errorTable`, from which docs/errors.md is generated. A new code does not compile without it. */
export const errorDocs = {
  admission_expired: {
    when: 'Inside of this service more than a minute passed between the check of the key and the dispatch of the request.',
    action: 'Retry; nothing was sent to a provider, and nothing was charged.',
  },
  admission_refused: {
    when: 'A part of this service did not take the word of another on the key: the request was not sent to a provider.',
    action: 'Retry; when it lasts, the operator has to look after ADMISSION_KEYS.',
  },
  attestation_failed: {
    when: 'The enclave of the model could not be verified, so the prompt was not sent; `checks` names what did not pass.',
    action: 'Retry later or choose another model; nothing was charged.',
  },
  balance_busy: {
    when: 'The balance is held by requests that are still running, so that this one might overspend it.',
    action: RETRY,
  },
  budget_exceeded: {
    when: 'A budget of the key, its family or its team is spent.',
    action: 'Raise the budget or wait for its next window.',
  },
  capability_not_supported: {
    when: 'The model exists but cannot do what this endpoint or a field asks; the message names models that can.',
    action: 'Use one of the models that the message names.',
  },
  confirmation_required: {
    when: 'In the console: the step has consequences that must be confirmed, such as revoking the only active key.',
    action: 'Read the message and confirm.',
  },
  cross_site_request: {
    when: 'In the console: the request did not come from one of its own pages.',
    action: 'Use the console itself; programs use the API with a key.',
  },
  execution_policy: {
    when: 'The key or the request allows attested enclaves only and the model runs elsewhere.',
    action: 'Choose a model whose `execution` is `tee`, or a key without that policy.',
  },
  idempotency_completed: {
    when: 'A request with this `Idempotency-Key` has already run; the message has its request id, outcome and cost.',
    action: 'Do not retry; send a new key to run the request again.',
  },
  idempotency_in_progress: {
    when: 'A request with this `Idempotency-Key` is still running.',
    action: 'Wait for the first request; it is not run twice.',
  },
  idempotency_mismatch: {
    when: 'This `Idempotency-Key` was used with another body.',
    action: 'Send a new key for a new request.',
  },
  insufficient_balance: { when: 'The balance of the team is spent.', action: 'Top up the balance.' },
  internal: {
    when: 'Something went wrong on our side.',
    action: 'Retry, and report the request id if it stays.',
  },
  invalid_api_key: {
    when: 'The key has the wrong form or checksum, or is unknown.',
    action: 'Check that the whole key was sent as `Authorization: Bearer sk-ollm-...`.',
  },
  invalid_request: {
    when: 'A field is missing, has the wrong type or value, or is one that only the router may set; `param` names it.',
    action: 'Correct the field.',
  },
  ip_not_allowed: { when: "The key's address list does not have your address.", action: KEY_OWNER },
  key_disabled: { when: 'The key is switched off.', action: KEY_OWNER },
  key_expired: { when: 'The key is past its expiry.', action: 'Create a new key.' },
  key_owner_removed: { when: 'The person who owns the key left the team.', action: 'Use a key of your own.' },
  key_quarantined: { when: 'The key is locked because it may have leaked.', action: KEY_OWNER },
  key_revoked: { when: 'The key was revoked.', action: 'Use another key.' },
  metering_unavailable: {
    when: 'The key or its team has limits, and whoever counts by them cannot be reached, so the request was not sent.',
    action: RETRY,
  },
  method_not_allowed: {
    when: 'The path exists but not with this method.',
    action: 'Use a method of the `allow` header.',
  },
  missing_api_key: {
    when: 'The request has no key.',
    action: 'Send `Authorization: Bearer sk-ollm-...`, or the same key as `x-api-key`.',
  },
  model_not_allowed: { when: "The key's list of models does not have this one.", action: KEY_OWNER },
  model_not_found: {
    when: 'No model has this id; the message suggests the nearest ids.',
    action: 'Use an id from `GET /v1/models`.',
  },
  not_found: {
    when: 'The path does not exist; the message has the right one, or what there is.',
    action: 'Check the base URL, which ends in `/v1`.',
  },
  not_permitted: {
    when: 'In the console: the role of the signed-in person does not allow this.',
    action: KEY_OWNER,
  },
  not_signed_in: { when: 'In the console: there is no session, or it has ended.', action: 'Sign in.' },
  not_supported_yet: { when: 'An operator command asks for what is not built yet.', action: 'Leave the option out.' },
  not_supported_zero_retention: {
    when: 'The request needs something to be kept between requests, and this gateway retains nothing.',
    action: 'Send everything that the model needs with each request.',
  },
  provider_error: {
    when: 'The provider refused the request as the caller’s fault; the status is its own, and of a 400 or 422 also message and code.',
    action: 'Correct the request as the message says.',
  },
  provider_timeout: {
    when: 'The provider did not answer in time.',
    action: 'Retry with growing pauses; stream long answers.',
  },
  provider_unavailable: {
    when: 'The provider is unreachable, failed, sent something unreadable or refused our own account.',
    action: 'Retry with growing pauses or list fallbacks in `models`.',
  },
  rate_limit_exceeded: { when: 'The key, its network or the provider has too many requests.', action: RETRY },
  reauthentication_required: {
    when: 'In the console: the step needs a sign-in that is only minutes old.',
    action: 'Sign in again.',
  },
  request_conflict: {
    when: 'The request contradicts what exists, such as a name in use.',
    action: 'Change what `param` names.',
  },
  request_timeout: {
    when: 'The body of the request came too slowly.',
    action: 'Send the whole body at once.',
  },
  request_too_large: {
    when: 'The body, as sent or as decoded, is larger than this gateway accepts.',
    action: 'Send less: shorten the conversation or shrink images.',
  },
  service_unavailable: { when: 'A part of the gateway is starting, stopping or unreachable.', action: RETRY },
  team_not_found: { when: 'The team does not exist, or is not yours to see.', action: 'Check the team id.' },
  team_suspended: { when: 'The team is suspended.', action: 'Ask the operator of this gateway.' },
  thread_unsupported_request: {
    when: 'A message request asks for a thread, which would keep the conversation.',
    action: 'Send the whole conversation; the SDKs of Anthropic go on that way by themselves.',
  },
  unknown_parameter: {
    when: 'A field is not one of this endpoint and may be meant for one that decides money, model, execution or retention; any unknown field where the request or the deployment is strict.',
    action: 'Remove the field that `param` names, or write the name that the message suggests.',
  },
  upgrade_refused: {
    when: 'The request asks for a websocket, or for another protocol in place of HTTP.',
    action: 'Send it as a POST, with `"stream": true` for an answer in pieces.',
  },
  zdr_unavailable: {
    when: 'No provider of the model promises zero data retention at the moment.',
    action: 'Retry later or choose another model; nothing was charged.',
  },
} as const satisfies Record<ErrorCode, ErrorDoc>;
