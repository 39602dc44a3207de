import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isWellFormedKey, KEY_PREFIX, KEY_RANDOM_LENGTH, keyChecksum, toKeyHint } from './key-format.ts';

const ALPHABET = [...'0123456789abcdefghijklmnopqrstuvwxyz'];
const key = fc
  .array(fc.constantFrom(...ALPHABET), { minLength: KEY_RANDOM_LENGTH, maxLength: KEY_RANDOM_LENGTH })
  .map((random) => `${KEY_PREFIX}${random.join('')}`)
  .map((body) => body + keyChecksum(body));
const published = [
  'sk-ollm-aaaaaaaaaaaaaaaaaaaaaaaaa0ecfgzd',
  'sk-ollm-0123456789abcdefghijklmno15osik8',
  'sk-ollm-zzzzzzzzzzzzzzzzzzzzzzzzz01lpw8y',
];

describe('a well-formed key', () => {
  test.each(published)('includes the published vector %s', (vector) => {
    expect(keyChecksum(vector.slice(0, -7))).toBe(vector.slice(-7));
    expect(isWellFormedKey(vector)).toBe(true);
  });

  test('is any random part with its checksum', () => {
    fc.assert(fc.property(key, (text) => isWellFormedKey(text) && text.length === 40));
  });

  test('stays none after any change of one character', () => {
    const change = fc.record({ text: key, at: fc.nat(39), by: fc.constantFrom(...ALPHABET, '-', '_', 'A', 'é') });
    fc.assert(
      fc.property(change, ({ text, at, by }) => {
        fc.pre(text[at] !== by);
        expect(isWellFormedKey(text.slice(0, at) + by + text.slice(at + 1))).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  test('stays none after two neighbours change places', () => {
    fc.assert(
      fc.property(key, fc.nat(38), (text, at) => {
        fc.pre(text[at] !== text[at + 1]);
        const swapped = [...text];
        [swapped[at], swapped[at + 1]] = [swapped[at + 1] as string, swapped[at] as string];
        expect(isWellFormedKey(swapped.join(''))).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  test.each(published)('has neither more nor fewer characters, nor space around them (%s)', (vector) => {
    const others = [
      vector.slice(1),
      vector.slice(0, -1),
      `${vector}0`,
      ` ${vector}`,
      `${vector}\n`,
      vector.toUpperCase(),
      '',
    ];
    expect(others.filter(isWellFormedKey)).toEqual([]);
  });
});

describe('a hint', () => {
  test('shows the prefix and four characters', () => {
    expect(toKeyHint('sk-ollm-0123456789abcdefghijklmno15osik8')).toBe('sk-ollm-…sik8');
  });
});
