import { expect, test } from '@jest/globals';
import { canonicalJson } from '@orgn/attestation';
import fc from 'fast-check';
import { liftHex, lowerHex } from './lifted-hex.ts';

const hex = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), maxLength: 300 });
const value = fc.array(fc.oneof(hex, fc.string({ unit: 'binary' }), fc.integer(), fc.constant('ab'.repeat(32))));

test('any JSON comes back as it was, with its hex stored once', () => {
  fc.assert(
    fc.property(fc.array(value, { minLength: 1 }), (values) => {
      const texts = values.map((one) => canonicalJson(one));
      const lifted = liftHex(texts);
      expect(lowerHex({ texts: lifted.texts.join('\n').split('\n'), bytes: lifted.bytes })).toEqual(texts);
    }),
  );
  const digest = 'c0'.repeat(32);
  expect(liftHex([`"${digest}"`, `"${digest}:${digest}"`]).bytes).toHaveLength(32);
});

test('a text that names hex which is not there is refused', () => {
  expect(() => lowerHex({ texts: ['\u0003a;'], bytes: Buffer.alloc(0) })).toThrow('damaged');
});
