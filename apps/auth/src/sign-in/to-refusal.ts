import { SignInRefusal, type RefusalReason } from './sign-in-refusal.ts';

/** The parts of an error of openid-client, of fetch or of a socket that say what kind of failure it was. */
interface Failure {
  name?: string;
  message?: string;
  code?: unknown;
  /** OAuth's error code, in an answer that is an error. */
  error?: unknown;
  /** Status of the provider's HTTP answer. */
  status?: unknown;
  cause?: unknown;
}

const UNREACHABLE = /^(OAUTH_TIMEOUT|OAUTH_ABORT|UND_ERR_\w+|E(CONN|PIPE|TIMEDOUT|HOST|NET|NOTFOUND|AI_AGAIN)\w*)$/;
/** What Node says of a certificate that it does not trust: nobody mends that by trying again. */
const UNTRUSTED =
  /^(CERT_\w+|\w*_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|INVALID_(CA|PURPOSE)|PATH_LENGTH_EXCEEDED|HOSTNAME_MISMATCH|ERR_TLS_CERT_\w+|ERR_SSL_\w+)$/;
/** The provider has no fault to find with the person, but with how this deployment is known to it. */
const MISCONFIGURED = ['invalid_client', 'unauthorized_client', 'unsupported_grant_type', 'invalid_scope'];

/** Sorts whatever an exchange with the provider ended in. Looks at codes and statuses alone: texts are the provider's. */
export function toRefusal(error: unknown): SignInRefusal {
  return error instanceof SignInRefusal ? error : new SignInRefusal(toReason(chainOf(error)), error);
}

function toReason(chain: readonly Failure[]): RefusalReason {
  if (chain.some(isUntrusted)) return 'provider_misconfigured';
  if (chain.some(isUnreachable)) return 'provider_unreachable';
  return toReasonOf(chain[0] ?? {});
}

function toReasonOf(failure: Failure): RefusalReason {
  switch (failure.code) {
    case 'OAUTH_AUTHORIZATION_RESPONSE_ERROR':
      return toAuthorizationReason(failure.error);
    case 'OAUTH_RESPONSE_BODY_ERROR':
      return MISCONFIGURED.includes(String(failure.error)) ? 'provider_misconfigured' : 'code_refused';
    case 'OAUTH_WWW_AUTHENTICATE_CHALLENGE':
      return 'provider_misconfigured';
    case 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED':
      return 'clock_skew';
    default:
      return 'untrusted_answer';
  }
}

function toAuthorizationReason(error: unknown): RefusalReason {
  if (error === 'access_denied') return 'denied';
  if (MISCONFIGURED.includes(String(error))) return 'provider_misconfigured';
  return error === 'server_error' || error === 'temporarily_unavailable' ? 'provider_unreachable' : 'provider_refused';
}

function isUntrusted({ code }: Failure): boolean {
  return typeof code === 'string' && UNTRUSTED.test(code);
}

function isUnreachable({ name, message, code, status }: Failure): boolean {
  if (typeof code === 'string' && UNREACHABLE.test(code)) return true;
  if (name === 'TimeoutError' || message === 'fetch failed') return true;
  return typeof status === 'number' && (status >= 500 || status === 429);
}

function chainOf(error: unknown): Failure[] {
  const chain: Failure[] = [];
  for (
    let next = error;
    typeof next === 'object' && next !== null && chain.length < 8;
    next = (next as Failure).cause
  ) {
    chain.push(next);
  }
  return chain;
}
