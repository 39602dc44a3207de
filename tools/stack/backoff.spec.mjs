import { expect, test } from '@jest/globals';
import { backoffMs } from './backoff.mjs';

test('doubles from 250 ms and stays at 10 s', () => {
  const waits = Array.from({ length: 9 }, (_, index) => backoffMs(index + 1));
  expect(waits).toEqual([250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000, 10_000]);
  expect(backoffMs(5000)).toBe(10_000);
});
