import { describe, expect, test } from '@jest/globals';
import { RequestIds } from './request-ids.ts';

describe('request ids', () => {
  test('are accepted once for longer than the two minutes that their ticket is good for, and then forgotten', () => {
    let now = 0;
    const ids = new RequestIds(10, () => now);
    expect(ids.accept('a')).toBe(true);
    now = 179_000;
    expect(ids.accept('b')).toBe(true);
    for (now of [179_500, 200_000, 305_000, 340_000]) expect(ids.accept('b')).toBe(false);
    now = 900_000;
    expect([ids.accept('a'), ids.accept('b')]).toEqual([true, true]);
  });

  test('are bounded in number: beyond, requests are refused and none is forgotten', () => {
    let now = 0;
    const ids = new RequestIds(2, () => now);
    expect([ids.accept('a'), ids.accept('b')]).toEqual([true, true]);
    expect(() => ids.accept('c')).toThrow(expect.objectContaining({ code: 'service_unavailable' }));
    expect([ids.accept('a'), ids.accept('b')]).toEqual([false, false]);
    now = 200_000;
    expect([ids.accept('c'), ids.accept('a')]).toEqual([true, false]);
  });
});
