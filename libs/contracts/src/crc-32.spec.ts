import { crc32 as zlibCrc32 } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { crc32 } from './crc-32.ts';

describe('crc32', () => {
  test('is what zlib computes, for any ASCII text', () => {
    const ascii = fc.string({ unit: fc.integer({ min: 0, max: 0x7f }).map((code) => String.fromCharCode(code)) });
    fc.assert(fc.property(ascii, (text) => crc32(text) === zlibCrc32(text)));
  });

  test('of the standard check text is the standard check value', () => {
    expect(crc32('123456789')).toBe(0xcbf43926);
  });
});
