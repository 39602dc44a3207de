/**
 * What exactly an exchange with the provider failed at, for the log: names that a specification or we ourselves have given,
 * never a value that the provider or a browser has sent.
 */
export interface Fault {
  /** Member of a document of the provider's: `issuer`, `jwks_uri`. */
  attribute?: string;
  /** Part of the issuer's address in which the document differs from OIDC_ISSUER. */
  differsIn?: string;
  /** Claim of a token. */
  claim?: string;
  /** Error code of OAuth, OpenID Connect or Bearer tokens; `other`: none of those. */
  oauthError?: string;
  /** Algorithm of a signature. */
  algorithm?: string;
  /** Status of the provider's HTTP answer. */
  status?: number;
}

/** The parts of an error of openid-client, of jose or of fetch that may say more. */
interface Failure {
  message?: unknown;
  code?: unknown;
  error?: unknown;
  attribute?: unknown;
  claim?: unknown;
  status?: unknown;
  alg?: unknown;
  header?: { alg?: unknown };
  parameters?: { error?: unknown };
  cause?: unknown;
}

/** Codes that say no more than the reason `provider_unreachable` does. */
const TRANSIENT = ['server_error', 'temporarily_unavailable'];
/** RFC 6749, 6750, 7636, 9126, 9449 and OpenID Connect Core. */
const OAUTH_ERRORS = new Set(
  [
    'access_denied account_selection_required consent_required insufficient_scope interaction_required invalid_client',
    'invalid_dpop_proof invalid_grant invalid_request invalid_request_object invalid_request_uri invalid_scope',
    'invalid_token login_required registration_not_supported request_not_supported request_uri_not_supported',
    'unauthorized_client unmet_authentication_requirements unsupported_grant_type',
    'unsupported_response_type unsupported_token_type use_dpop_nonce',
  ].flatMap((line) => line.split(' ')),
);
const CLAIMS = /^(iss|sub|aud|exp|iat|nbf|nonce|azp|acr|amr|auth_time|at_hash|c_hash|s_hash|jti|sid|events|typ)$/;
const ATTRIBUTES = /^(issuer|sub|resource|[a-z_]{1,48}_(endpoint|uri|supported))$/;
const ALGORITHMS = /^(none|[HRPE]S(256|256K|384|512)|EdDSA|Ed25519|Ed448|ML-DSA-(44|65|87))$/;
/** How oauth4webapi says that a claim is not there, which it says in no other way. */
const MISSING_CLAIM = /^JWT "([a-z_]{2,10})" \([a-zA-Z (),/-]{1,60}\) claim missing$/;

/** How each name is found in one part of an error. */
const readers: Record<Exclude<keyof Fault, 'differsIn'>, (failure: Failure) => string | number | undefined> = {
  attribute: ({ attribute }) => known(attribute, ATTRIBUTES),
  claim: ({ claim, message }) => known(claim, CLAIMS) ?? missingClaim(message),
  algorithm: ({ header, alg }) => known(header?.alg, ALGORITHMS) ?? known(alg, ALGORITHMS),
  oauthError: ({ error, parameters }) => oauthError(error ?? parameters?.error),
  status: ({ status }) => (typeof status === 'number' ? status : undefined),
};

/** Reads the names out of an error and its causes. What is no name that we know is left out. */
export function toFault(error: unknown): Fault {
  const parts = partsOf(error);
  const found = Object.entries(readers).flatMap(([name, read]) => {
    const value = parts.map(read).find((one) => one !== undefined);
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(found) as Fault;
}

/**
 * In which part of its address a provider calls itself otherwise than OIDC_ISSUER does.
 * @param said what its discovery document says; anything
 */
export function differenceOf(expected: string, said: unknown): string {
  if (typeof said !== 'string' || !URL.canParse(said)) return 'everything';
  const [ours, theirs] = [new URL(expected), new URL(said)];
  const part = (['protocol', 'hostname', 'port'] as const).find((name) => ours[name] !== theirs[name]);
  if (part) return part;
  const bare = (url: URL) => url.pathname.replace(/\/$/, '');
  return bare(ours) === bare(theirs) ? 'trailing slash' : 'path';
}

function partsOf(error: unknown): Failure[] {
  const parts: Failure[] = [];
  for (
    let next: unknown = error;
    typeof next === 'object' && next !== null && parts.length < 8;
    next = (next as Failure).cause
  ) {
    // openid-client gives the challenges of a WWW-Authenticate header as a list.
    parts.push(next, ...(Array.isArray(next) ? next.slice(0, 2).filter(isObject) : []));
  }
  return parts;
}

function isObject(value: unknown): value is Failure {
  return typeof value === 'object' && value !== null;
}

function known(value: unknown, names: RegExp): string | undefined {
  return typeof value === 'string' && names.test(value) ? value : undefined;
}

function missingClaim(message: unknown): string | undefined {
  return typeof message === 'string' ? known(MISSING_CLAIM.exec(message)?.[1], CLAIMS) : undefined;
}

function oauthError(code: unknown): string | undefined {
  if (typeof code !== 'string' || TRANSIENT.includes(code)) return undefined;
  return OAUTH_ERRORS.has(code) ? code : 'other';
}
