import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RateLimiter } from './rate-limiter.ts';

const LIMIT = { points: 3, seconds: 60 };

describe('a rate limiter', () => {
  test('lets nothing happen more often in a window than it says, whatever is tried when', () => {
    const tries = fc.array(fc.record({ who: fc.constantFrom('a', 'b'), after: fc.integer({ min: 0, max: 40_000 }) }));
    fc.assert(
      fc.property(tries, (list) => {
        const limiter = new RateLimiter(LIMIT);
        let now = 0;
        const passed: Record<string, number[]> = { a: [], b: [] };
        for (const { who, after } of list) {
          now += after;
          const wait = limiter.count(who, now);
          if (wait === 0) passed[who]!.push(now);
          else expect(limiter.count(who, now + wait * 1_000 - 1_000 - 1)).toBeGreaterThan(0);
        }
        for (const times of Object.values(passed)) {
          // Windows begin with the first: no more than two of them touch any stretch of that length.
          for (const [at, time] of times.entries()) {
            const later = times[at + 2 * LIMIT.points];
            if (later !== undefined) expect(later - time).toBeGreaterThanOrEqual(LIMIT.seconds * 1_000);
          }
        }
      }),
    );
  });

  test('says how long there is no room, and then there is', () => {
    const limiter = new RateLimiter(LIMIT);
    expect([1, 2, 3].map(() => limiter.count('a', 0))).toEqual([0, 0, 0]);
    expect([limiter.outlook('a', 1), limiter.count('a', 20_000), limiter.outlook('a', 59_999)]).toEqual([60, 40, 1]);
    expect([limiter.outlook('a', 60_000), limiter.count('a', 60_000)]).toEqual([0, 0]);
  });

  test('holds one subject without holding another', () => {
    const limiter = new RateLimiter(LIMIT);
    for (let at = 0; at < 4; at += 1) limiter.count('a', 0);
    expect([limiter.outlook('a', 0), limiter.outlook('b', 0), limiter.count('b', 0)]).toEqual([60, 0, 0]);
  });

  test('remembers no more subjects than it has room for, and the ones of last', () => {
    const limiter = new RateLimiter({ points: 1, seconds: 60 }, 100);
    for (let at = 0; at < 1_000; at += 1) limiter.count(String(at), 0);
    expect([limiter.size, limiter.outlook('999', 0), limiter.outlook('0', 0)]).toEqual([100, 60, 0]);
  });
});
