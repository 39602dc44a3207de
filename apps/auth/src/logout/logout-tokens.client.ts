import { Injectable } from '@nestjs/common';
import { ServiceError } from '@orgn/contracts';
import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { AuthConfig } from '../config.ts';
import { IdentityProvider } from '../sign-in/identity-provider.client.ts';

/** The oldest logout token that is obeyed. */
export const MAX_LOGOUT_TOKEN_SECONDS = 600;
const CLOCK_SKEW_SECONDS = 60;
/** Whoever sends forged tokens makes us fetch keys no more often than this. */
const KEYS_COOLDOWN_MS = 5_000;
const LOGOUT_EVENT = 'http://schemas.openid.net/event/backchannel-logout';
/** Ours are never signed by a secret: whoever knows the client's could sign people out. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

/** Which sessions the provider wants to have ended. */
export interface LogoutToken {
  iss: string;
  jti: string;
  sid: string | undefined;
  sub: string | undefined;
}

/** Verifies logout tokens (OpenID Connect Back-Channel Logout 1.0, section 2.6), which openid-client does not. */
@Injectable()
export class LogoutTokens {
  #keys: { uri: string; get: JWTVerifyGetKey } | undefined;

  constructor(
    private readonly config: AuthConfig,
    private readonly provider: IdentityProvider,
  ) {}

  /**
   * @throws ServiceError `invalid_request` for a token that does not prove its case, `service_unavailable` when the
   *   provider's keys cannot be had
   */
  async verify(token: string): Promise<LogoutToken> {
    const keys = await this.#provider();
    const claims = await jwtVerify(token, keys, {
      issuer: this.config.OIDC_ISSUER,
      audience: this.config.OIDC_CLIENT_ID,
      typ: 'logout+jwt',
      algorithms: ALGORITHMS,
      requiredClaims: ['iat', 'exp', 'jti'],
      maxTokenAge: MAX_LOGOUT_TOKEN_SECONDS,
      clockTolerance: CLOCK_SKEW_SECONDS,
    }).then(({ payload }) => payload, rethrow);
    return toLogoutToken(claims);
  }

  async #provider(): Promise<JWTVerifyGetKey> {
    const { jwks_uri: uri } = await this.provider.metadata().catch(unavailable);
    const isSafe = uri?.startsWith('https:') === true || this.config.NODE_ENV !== 'production';
    if (uri === undefined || !isSafe) throw refusal();
    if (this.#keys?.uri !== uri) {
      this.#keys = { uri, get: createRemoteJWKSet(new URL(uri), { cooldownDuration: KEYS_COOLDOWN_MS }) };
    }
    return this.#keys.get;
  }
}

function toLogoutToken({ iss, jti, sid, sub, nonce, events }: JWTPayload): LogoutToken {
  const event = (events as Record<string, unknown> | undefined)?.[LOGOUT_EVENT];
  const isLogout = typeof event === 'object' && event !== null && !Array.isArray(event);
  const isName = (value: unknown) => value === undefined || (typeof value === 'string' && value !== '');
  const names = [sid, sub];
  // An ID token has a nonce: it must not pass for an order to sign somebody out.
  if (!isLogout || nonce !== undefined || !names.every(isName) || names.every((name) => name === undefined)) {
    throw refusal();
  }
  return { iss: String(iss), jti: String(jti), sid: sid as string | undefined, sub };
}

function rethrow(error: unknown): never {
  const isForged = error instanceof errors.JOSEError && !(error instanceof errors.JWKSTimeout);
  return isForged && error.code !== 'ERR_JOSE_GENERIC' ? fail(error) : unavailable(error);
}

function fail(cause: unknown): never {
  throw refusal(cause);
}

function unavailable(cause: unknown): never {
  throw new ServiceError('service_unavailable', 'The identity provider’s keys cannot be had right now.', { cause });
}

function refusal(cause?: unknown): ServiceError {
  return new ServiceError('invalid_request', 'This logout token is not valid here.', { cause, param: 'logout_token' });
}
