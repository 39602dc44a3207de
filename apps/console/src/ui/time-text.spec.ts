import { expect, test } from '@jest/globals';
import { relativeTime } from './time-text.ts';

const now = Date.UTC(2026, 10, 29, 10, 0, 0);
const hour = 3_600_000;

test.each([
  [37, 'in 1 day'],
  [-30, '1 day ago'],
  [-24 * 400, '1 year ago'],
  [2, 'in 2 hours'],
])('%d hours from now are told as a length, and not as a day of the calendar that they need not be', (hours, told) => {
  expect(relativeTime(now + hours * hour, now)).toBe(told);
});
