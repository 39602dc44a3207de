import { describe, expect, test } from '@jest/globals';
import { keyId } from '@orgn/contracts';
import { newKeyId } from './key-id.ts';

describe('a new key id', () => {
  test('is a UUIDv7 of the given moment', () => {
    const now = Date.parse('2026-03-04T05:06:07.089Z');
    const id = newKeyId(now);
    expect(keyId.parse(id)).toBe(id);
    expect(parseInt(id.slice(4, 16), 16)).toBe(now);
    expect(id.slice(16)).toMatch(/^7[0-9a-f]{3}[89ab][0-9a-f]{15}$/);
  });

  test('sorts by time and never repeats', () => {
    const ids = Array.from({ length: 500 }, (_, ms) => newKeyId(ms * 1_000));
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(Array.from({ length: 500 }, () => newKeyId(0))).size).toBe(500);
  });
});
