import { Injectable } from '@nestjs/common';
import { ServiceError } from '@orgn/contracts';
import { errors, jwtVerify, type JWTPayload, type JWTVerifyResult } from 'jose';
import { AuthConfig } from '../config.ts';
import { toFault } from '../sign-in/fault.ts';
import { ALGORITHMS, ProviderKeys } from '../sign-in/provider-keys.client.ts';
import { LogoutTokenRefusal } from './logout-token-refusal.ts';

/** The oldest logout token that is obeyed. */
export const MAX_LOGOUT_TOKEN_SECONDS = 600;
const CLOCK_SKEW_SECONDS = 60;
const LOGOUT_EVENT = 'http://schemas.openid.net/event/backchannel-logout';
/**
 * The specification recommends the type to providers and warns clients that providers in use leave it out (section 2.4);
 * what says that it is something else is something else.
 */
const TYPE = /^(application\/)?logout\+jwt$/i;

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
  constructor(
    private readonly config: AuthConfig,
    private readonly keys: ProviderKeys,
  ) {}

  /**
   * @throws ServiceError `invalid_request` for a token that does not prove its case, `service_unavailable` when the
   *   provider's keys cannot be had
   */
  async verify(token: string): Promise<LogoutToken> {
    const keys = await this.keys.get().catch(unavailable);
    if (!keys) throw new LogoutTokenRefusal('invalid', { attribute: 'jwks_uri' });
    const verified = await jwtVerify(token, keys, {
      issuer: this.config.OIDC_ISSUER,
      audience: this.config.OIDC_CLIENT_ID,
      algorithms: ALGORITHMS,
      requiredClaims: ['iat', 'exp', 'jti'],
      maxTokenAge: MAX_LOGOUT_TOKEN_SECONDS,
      clockTolerance: CLOCK_SKEW_SECONDS,
    }).catch(rethrow);
    return toLogoutToken(verified);
  }
}

function toLogoutToken({ payload, protectedHeader }: JWTVerifyResult): LogoutToken {
  const { iss, jti, sid, sub } = payload;
  const claim = protectedHeader.typ === undefined || TYPE.test(protectedHeader.typ) ? faultyClaim(payload) : 'typ';
  if (claim) throw new LogoutTokenRefusal('invalid', { claim }, undefined, true);
  return { iss: String(iss), jti: String(jti), sid: sid as string | undefined, sub };
}

/** What tells a logout token from every other token of the provider's, and names whom it is about. */
function faultyClaim({ sid, sub, nonce, events }: JWTPayload): string | undefined {
  if (!isLogout(events)) return 'events';
  // An ID token has a nonce: it must not pass for an order to sign somebody out.
  if (nonce !== undefined) return 'nonce';
  if (sid === undefined && sub === undefined) return 'sub';
  const [wrong] = Object.entries({ sid, sub }).filter(([, name]) => name !== undefined && !isName(name));
  return wrong?.[0];
}

function isLogout(events: unknown): boolean {
  const event = (events as Record<string, unknown> | null | undefined)?.[LOGOUT_EVENT];
  return typeof event === 'object' && event !== null && !Array.isArray(event);
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function rethrow(error: unknown): never {
  const isForged = error instanceof errors.JOSEError && !(error instanceof errors.JWKSTimeout);
  // What it claims is looked at once the signature has proved to be the provider's.
  const isSigned = error instanceof errors.JWTClaimValidationFailed || error instanceof errors.JWTExpired;
  if (isForged && error.code !== 'ERR_JOSE_GENERIC') {
    throw new LogoutTokenRefusal('invalid', toFault(error), error, isSigned);
  }
  return unavailable(error);
}

function unavailable(cause: unknown): never {
  throw new ServiceError('service_unavailable', 'The identity provider’s keys cannot be had right now.', { cause });
}
