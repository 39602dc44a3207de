import { describe, expect, test } from '@jest/globals';
import { retryAfterSeconds } from './retry-after.ts';

const now = Date.parse('2026-11-28T12:00:00Z');

describe('retryAfterSeconds', () => {
  test.each([
    [{ 'retry-after': '7' }, 7],
    [{ 'retry-after': '0.2' }, 1],
    [{ 'retry-after': ['7', '8'] }, 7],
    [{ 'retry-after': 'Sat, 28 Nov 2026 12:00:30 GMT' }, 30],
    [{ 'retry-after': 'Saturday, 28-Nov-26 12:00:30 GMT' }, 30],
    [{ 'retry-after': 'Sat, 28 Nov 2026 11:00:00 GMT' }, 0],
    [{ 'retry-after-ms': '1500' }, 2],
    [{ 'retry-after-ms': '1500', 'retry-after': '9' }, 2],
    [{ 'retry-after-ms': 'soon', 'retry-after': '9' }, 9],
    [{ 'retry-after': '99999999999' }, 86_400],
    [{ 'retry-after': '-3' }, undefined],
    [{ 'retry-after': 'later' }, undefined],
    [{}, undefined],
  ])('reads %j', (headers, seconds) => {
    expect(retryAfterSeconds(headers, now)).toBe(seconds);
  });
});
