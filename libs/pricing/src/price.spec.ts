import { describe, expect, test } from '@jest/globals';
import { formatUsd } from './price.ts';

describe('formatUsd', () => {
  test.each([
    [0, '0.000000000'],
    [61_650, '0.000061650'],
    [1_234_567_890, '1.234567890'],
    [2n ** 60n, '1152921504.606846976'],
  ])('writes %p nano-USD as %s', (nano, text) => {
    expect(formatUsd(nano)).toBe(text);
  });

  test.each([-1, 1.5, 2 ** 53, Number.NaN])('refuses %p, which is no amount', (nano) => {
    expect(() => formatUsd(nano)).toThrow(RangeError);
  });
});
