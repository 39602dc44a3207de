import type { AuthConfig } from '../config.ts';
import type { Identity } from '../users/users.repository.ts';
import { SignInRefusal } from './sign-in-refusal.ts';

/** What an ID token, or the provider's userinfo, says of a person. */
export type Claims = Readonly<Record<string, unknown>>;
type ClaimNames = Pick<AuthConfig, 'OIDC_EMAIL_CLAIM' | 'OIDC_EMAIL_VERIFIED_CLAIM' | 'OIDC_NAME_CLAIM'>;

const MAX_EMAIL_LENGTH = 320;
const MAX_NAME_LENGTH = 80;

/**
 * The person that claims speak of. The address counts as verified only where the provider says exactly `true`.
 * @throws SignInRefusal `untrusted_answer` for an iss or sub that cannot be somebody's
 */
export function toIdentity(claims: Claims, names: ClaimNames): Identity {
  const { iss, sub } = claims;
  if (typeof iss !== 'string' || typeof sub !== 'string' || !/^[^\p{Cc}\p{Cs}]{1,255}$/u.test(sub)) {
    throw new SignInRefusal('untrusted_answer');
  }
  const address = toText(claims[names.OIDC_EMAIL_CLAIM]);
  // An address that was cut would be somebody else's.
  const email = address.length > MAX_EMAIL_LENGTH ? '' : address;
  return {
    iss,
    sub,
    email,
    isEmailVerified: email !== '' && claims[names.OIDC_EMAIL_VERIFIED_CLAIM] === true,
    name: shorten(toText(claims[names.OIDC_NAME_CLAIM]) || email || 'Somebody'),
  };
}

/** Postgres cannot store NUL, and other control characters garble terminals and logs. */
function toText(value: unknown): string {
  return typeof value === 'string' ? value.replaceAll(/[\p{Cc}\p{Cs}]/gu, '').trim() : '';
}

function shorten(name: string): string {
  return name
    .slice(0, MAX_NAME_LENGTH)
    .replace(/\p{Cs}$/u, '')
    .trim();
}
