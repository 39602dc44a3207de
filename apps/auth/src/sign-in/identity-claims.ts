import type { AuthConfig } from '../config.ts';
import type { Identity } from '../users/users.repository.ts';
import { SignInRefusal } from './sign-in-refusal.ts';

/** What an ID token, or the provider's userinfo, says of a person. */
export type Claims = Readonly<Record<string, unknown>>;
type EmailNames = Pick<AuthConfig, 'OIDC_EMAIL_CLAIM' | 'OIDC_EMAIL_VERIFIED_CLAIM'>;
type ClaimNames = EmailNames & Pick<AuthConfig, 'OIDC_NAME_CLAIM' | 'OIDC_TRUST_EMAIL'>;

const MAX_EMAIL_LENGTH = 320;
const MAX_NAME_LENGTH = 80;

/**
 * The person that claims speak of. The address counts as verified only where the provider says that it is, or says nothing
 * of it and the operator trusts the addresses of this very issuer (OIDC_TRUST_EMAIL).
 * @throws SignInRefusal `untrusted_answer` for an iss or sub that cannot be somebody's
 */
export function toIdentity(claims: Claims, names: ClaimNames): Identity {
  const [iss, sub] = [requireName(claims, 'iss'), requireName(claims, 'sub')];
  const address = toText(claims[names.OIDC_EMAIL_CLAIM]);
  // An address that was cut would be somebody else's.
  const email = address.length > MAX_EMAIL_LENGTH ? '' : address;
  return {
    iss,
    sub,
    email,
    isEmailVerified: email !== '' && isVerified(claims, names),
    name: shorten(toText(claims[names.OIDC_NAME_CLAIM]) || email || 'Somebody'),
  };
}

/** Who somebody is must be text that a table can hold as it is: what was changed would be somebody else. */
function requireName(claims: Claims, claim: 'iss' | 'sub'): string {
  const name = claims[claim];
  if (typeof name === 'string' && /^[^\p{Cc}\p{Cs}]{1,255}$/u.test(name)) return name;
  throw new SignInRefusal('untrusted_answer', undefined, { claim });
}

function isVerified(claims: Claims, { OIDC_EMAIL_VERIFIED_CLAIM: verified, OIDC_TRUST_EMAIL: trusted }: ClaimNames) {
  return toBoolean(claims[verified]) ?? claims.iss === trusted;
}

/**
 * The claims of an ID token, with what userinfo adds. That an address is verified holds for that address only; that it is
 * not holds wherever it is said.
 */
export function joinUserInfo(token: Claims, more: Claims, names: EmailNames): Claims {
  const { OIDC_EMAIL_CLAIM: address, OIDC_EMAIL_VERIFIED_CLAIM: verified } = names;
  const isOfAnother =
    [token[address], more[address]].every((text) => text !== undefined) && !isSameText(token[address], more[address]);
  const verdict = toBoolean(more[verified]);
  const said = [toBoolean(token[verified]), verdict === true && isOfAnother ? undefined : verdict];
  const isVerified = said.includes(false) ? false : said.find((one) => one !== undefined);
  return { ...more, ...token, [verified]: isVerified };
}

/** Whether an ID token leaves open what its person's address is, or whether it was verified. */
export function leavesAddressOpen(claims: Claims, names: EmailNames): boolean {
  return (
    claims[names.OIDC_EMAIL_CLAIM] === undefined || toBoolean(claims[names.OIDC_EMAIL_VERIFIED_CLAIM]) === undefined
  );
}

/** Some providers write booleans as text. Undefined: nothing is said; anything that is no boolean says no. */
function toBoolean(value: unknown): boolean | undefined {
  if (value === undefined || value === null) return undefined;
  return value === true || (typeof value === 'string' && value.toLowerCase() === 'true');
}

function isSameText(one: unknown, other: unknown): boolean {
  return typeof one === 'string' && typeof other === 'string' && one.toLowerCase() === other.toLowerCase();
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
