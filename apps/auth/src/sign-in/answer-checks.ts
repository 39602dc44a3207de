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
  throw new SignInRefusal('clock_skew');
}

/**
 * @param begunAt when the person was sent to the provider to prove who they are
 * @throws SignInRefusal `not_fresh` when the provider does not say that they did since then
 */
export function requireStepUp({ auth_time: time }: Claims, begunAt: Date): void {
  if (typeof time === 'number' && time >= begunAt.getTime() / 1_000 - CLOCK_SKEW_SECONDS) return;
  throw new SignInRefusal('not_fresh');
}

/** When this person proved who they are, as the provider says; never in the future, and now if it does not say. */
export function authenticationTime({ auth_time: time }: Claims, now = Date.now()): Date {
  const isTime = typeof time === 'number' && time > 0 && time * 1_000 < now;
  return new Date(isTime ? time * 1_000 : now);
}
