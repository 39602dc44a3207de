import type { Claims } from './identity-claims.ts';
import { SignInRefusal } from './sign-in-refusal.ts';

/** How far apart the provider's clock and ours may be. */
const CLOCK_SKEW_SECONDS = 60;
/** An ID token is made while the browser waits; an old one was kept by somebody. */
const MAX_TOKEN_AGE_SECONDS = 600;

/** @throws SignInRefusal `clock_skew` when the ID token was not made just now */
export function requireRecentIssue({ iat }: Claims, now = Date.now()): void {
  const age = now / 1_000 - Number(iat);
  if (age >= -CLOCK_SKEW_SECONDS && age <= MAX_TOKEN_AGE_SECONDS + CLOCK_SKEW_SECONDS) return;
  throw new SignInRefusal('clock_skew', undefined, { claim: 'iat' });
}

/**
 * @param begunAt when the person was sent to the provider to prove who they are
 * @throws SignInRefusal `not_fresh` when the provider does not say that they did since then, `no_auth_time` when it does
 *   not say at all when they did
 */
export function requireStepUp(claims: Claims, begunAt: Date): void {
  const time = authenticationTime(claims);
  if (!time) throw new SignInRefusal('no_auth_time', undefined, { claim: 'auth_time' });
  if (hasProvedSince(time, begunAt)) return;
  throw new SignInRefusal('not_fresh', undefined, { claim: 'auth_time' });
}

/** Whether somebody has proved who they are since they were sent to do so, as far as two clocks can tell. */
export function hasProvedSince(time: Date | null, begunAt: Date): boolean {
  return time !== null && time.getTime() >= begunAt.getTime() - CLOCK_SKEW_SECONDS * 1_000;
}

/**
 * When this person proved who they are, as the provider says; never in the future. Null where it does not say, or says a
 * time that cannot be one (milliseconds, for example): that they came back just now proves nothing, because a provider
 * that remembers a browser sends it back without a question.
 */
export function authenticationTime({ auth_time: time }: Claims, now = Date.now()): Date | null {
  const isTime = typeof time === 'number' && time > 0 && time <= now / 1_000 + CLOCK_SKEW_SECONDS;
  return isTime ? new Date(Math.min(time * 1_000, now)) : null;
}
