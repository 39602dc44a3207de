import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RateWindow } from './rate-window.ts';

const MINUTE = 60_000;

/** What is let through of requests that come so many milliseconds after one another. */
function granted(gaps: readonly number[], limit: number): number[] {
  let now = 0;
  const window = new RateWindow(() => now);
  return gaps.flatMap((gap) => {
    now += gap;
    return window.take(1, limit) === 0 ? [now] : [];
  });
}

describe('a limit by the minute', () => {
  test('is kept in any 60 s, whenever requests come', () => {
    const gaps = fc.array(fc.oneof(fc.nat(50), fc.nat(3_000), fc.nat(40_000)), { minLength: 1, maxLength: 400 });
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 30 }), (comes, limit) => {
        const times = granted(comes, limit);
        for (const [first, at] of times.entries())
          expect(times.slice(first).filter((time) => time - at < MINUTE).length).toBeLessThanOrEqual(limit);
      }),
    );
  });

  test.each([10, 60, 1_000])('of %i is used up but for 5 %% by who asks for more all the time', (limit) => {
    const gap = Math.floor(MINUTE / limit / 10);
    const minutes = 10;
    const times = granted(
      Array.from({ length: Math.ceil((minutes * MINUTE) / gap) }, () => gap),
      limit,
    );
    expect(times.length).toBeGreaterThanOrEqual(minutes * limit * 0.95);
  });

  test('says how long to wait, and after that there is room', () => {
    const ask = fc.array(fc.record({ gap: fc.nat(10_000), amount: fc.integer({ min: 1, max: 100 }) }), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(ask, (asked) => {
        let now = 0;
        const window = new RateWindow(() => now);
        for (const { gap, amount } of asked) {
          now += gap;
          const waitMs = window.take(amount, 100);
          if (waitMs === 0) continue;
          now += waitMs;
          expect(window.take(amount, 100)).toBe(0);
        }
      }),
    );
  });

  test('counts what was given back no more, and tells what is left and until when', () => {
    let now = 5_000;
    const window = new RateWindow(() => now);
    expect(window.standing(10)).toEqual({ limit: 10, remaining: 10, resetMs: 0 });
    expect(window.take(8, 10)).toBe(0);
    expect(window.take(3, 10)).toBeGreaterThan(0);
    window.add(5_000, -5);
    expect(window.standing(10)).toMatchObject({ remaining: 7 });
    expect(window.take(3, 10)).toBe(0);
    now += 62_000;
    expect(window.isEmpty).toBe(true);
    window.add(5_000, -5);
    expect(window.standing(10)).toEqual({ limit: 10, remaining: 10, resetMs: 0 });
  });
});
