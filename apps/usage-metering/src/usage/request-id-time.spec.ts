import { describe, expect, test } from '@jest/globals';
import { makeRequestId } from './make.ts';
import { lowestRequestIdAt } from './request-id-time.ts';

describe('the lowest request id of a moment', () => {
  test('is at or below every id minted from then on, and above every id minted before', () => {
    const moment = Date.parse('2026-11-22T10:00:00.123Z');
    expect(makeRequestId(moment) >= lowestRequestIdAt(moment)).toBe(true);
    expect(makeRequestId(moment - 1) < lowestRequestIdAt(moment)).toBe(true);
  });

  test.each([
    [-1, '00000000-0000-0000-0000-000000000000'],
    [Date.parse('9999-12-31T23:59:59.999Z'), 'e677d21f-dbff-0000-0000-000000000000'],
    [Number.MAX_SAFE_INTEGER, 'ffffffff-ffff-0000-0000-000000000000'],
  ])('is an id for a moment out of range too: %d', (ms, id) => {
    expect(lowestRequestIdAt(ms)).toBe(id);
  });
});
