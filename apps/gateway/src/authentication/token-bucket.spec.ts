import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { TokenBucket } from './token-bucket.ts';

describe('a token bucket', () => {
  test('gives all that it holds, to the last one, and nothing of what it does not hold', () => {
    const bucket = new TokenBucket({ burst: 3, refillMs: 100 }, 0);
    expect([bucket.take(4, 0), bucket.take(3, 0), bucket.take(1, 0)]).toEqual([false, true, false]);
    expect([bucket.waitMs(0), bucket.waitMs(75), bucket.waitMs(100)]).toEqual([100, 25, 0]);
    expect([bucket.take(1, 99), bucket.take(1, 100), bucket.take(1, 100)]).toEqual([false, true, false]);
  });

  test('gives no more in any time than its burst and what that time refills, whatever is asked when', () => {
    const asks = fc.array(fc.record({ after: fc.nat(500), count: fc.integer({ min: 1, max: 5 }) }));
    fc.assert(
      fc.property(asks, (list) => {
        const bucket = new TokenBucket({ burst: 5, refillMs: 100 }, 0);
        let [now, given] = [0, 0];
        for (const { after, count } of list) {
          now += after;
          if (bucket.take(count, now)) given += count;
          expect(given).toBeLessThanOrEqual(5 + now / 100);
        }
      }),
    );
  });

  test('never holds more than its burst, and owes what happened beyond it', () => {
    const bucket = new TokenBucket({ burst: 2, refillMs: 100 }, 0);
    expect(bucket.tokens(100_000)).toBe(2);
    bucket.charge(3, 100_000);
    expect([bucket.tokens(100_000), bucket.waitMs(100_000), bucket.tokens(100_200)]).toEqual([-1, 200, 1]);
  });
});
