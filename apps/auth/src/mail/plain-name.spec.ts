import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { plainName } from './plain-name.ts';

test.each([
  ['Acme', 'Acme'],
  ['Bücher & Söhne, Inc.', 'Bücher & Söhne, Inc.'],
  ['Your account is blocked: https://evil.example/login', 'Your account is blocked: https evil e…'],
  ['evil.example', 'evil example'],
  ['mailto:a@evil.example', 'mailto a evil example'],
])('a name is quoted so that nothing becomes a link: %s', (name, plain) => {
  expect(plainName(name)).toBe(plain);
});

test('no name is long, or has anything that a mail program would open', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (name) => {
      const plain = plainName(name);
      expect([...plain].length).toBeLessThanOrEqual(40);
      expect(plain).not.toMatch(/\S[.:/\\@]+\S/u);
    }),
  );
});
