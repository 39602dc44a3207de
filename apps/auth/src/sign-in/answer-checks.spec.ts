import { describe, expect, test } from '@jest/globals';
import { authenticationTime, hasProvedSince, requireRecentIssue, requireStepUp } from './answer-checks.ts';

const NOW = 1_750_000_000_000;
const seconds = NOW / 1_000;
const codeOf = (check: () => void) => {
  try {
    check();
  } catch (error) {
    return (error as { reason: string }).reason;
  }
  return 'ok';
};

describe('an ID token', () => {
  test.each([
    [-661, 'clock_skew'],
    [-660, 'ok'],
    [0, 'ok'],
    [60, 'ok'],
    [61, 'clock_skew'],
    [NaN, 'clock_skew'],
  ])('that was made %i s from now: %s', (distance, verdict) => {
    expect(codeOf(() => requireRecentIssue({ iat: seconds + distance }, NOW))).toBe(verdict);
  });

  test.each([undefined, null, 'yesterday'])('that says %p of when it was made is not taken', (iat) => {
    expect(codeOf(() => requireRecentIssue({ iat }, NOW))).toBe('clock_skew');
  });
});

describe('the time at which somebody proved who they are', () => {
  test.each([
    [-3_600, NOW - 3_600_000],
    [0, NOW],
    // A provider whose clock is ahead: not in the future.
    [60, NOW],
  ])('%i s from now, is what the provider says, at most now', (distance, time) => {
    expect(authenticationTime({ auth_time: seconds + distance }, NOW)?.getTime()).toBe(time);
  });

  test.each([undefined, null, 0, -1, String(seconds), seconds + 61, NOW])('is no time: %p', (time) => {
    expect(authenticationTime({ auth_time: time }, NOW)).toBeNull();
  });

  test('may be the first second of all', () => {
    expect(authenticationTime({ auth_time: 1 }, NOW)?.getTime()).toBe(1_000);
  });
});

describe('a step-up', () => {
  const begunAt = new Date(NOW);

  test.each([
    [-60_001, false],
    [-60_000, true],
    [0, true],
  ])('by a proof %i ms after it was begun counts: %p', (distance, counts) => {
    expect(hasProvedSince(new Date(NOW + distance), begunAt)).toBe(counts);
  });

  test('needs a time, and one since then', () => {
    expect(hasProvedSince(null, begunAt)).toBe(false);
    expect(codeOf(() => requireStepUp({}, begunAt))).toBe('no_auth_time');
    expect(codeOf(() => requireStepUp({ auth_time: seconds - 61 }, begunAt))).toBe('not_fresh');
    expect(codeOf(() => requireStepUp({ auth_time: seconds - 60 }, begunAt))).toBe('ok');
  });
});
