import { describe, expect, test } from '@jest/globals';
import { usdAmount } from '@orgn/contracts';
import fc from 'fast-check';
import { usdInput } from './usd.ts';

describe('USD as callers write it', () => {
  test.each<[unknown, string]>([
    ['25.00', '25.00'],
    ['0.000000001', '0.000000001'],
    [25, '25'],
    [0.1, '0.1'],
    [1e-7, '0.0000001'],
    [1.5e-8, '0.000000015'],
    [999_999_999.5, '999999999.5'],
    [0, '0'],
    [-0, '0'],
  ])('%j is kept as %s', (given, kept) => expect(usdInput.parse(given)).toBe(kept));

  test.each([-1, 1e9, 1e21, 1e-10, 0.12345678901, Infinity, NaN, '', '1.', '.5', '1e3', '-1', '1,5', null, true])(
    '%j is refused',
    (given) => expect(usdInput.safeParse(given).success).toBe(false),
  );

  test('a number of at most nine decimal places is kept as exactly that number, or refused', () => {
    fc.assert(
      fc.property(fc.nat({ max: 999_999 }), fc.nat({ max: 999_999_999 }), (whole, nano) => {
        const value = Number(`${whole}.${String(nano).padStart(9, '0')}`);
        const kept = usdInput.safeParse(value);
        if (!kept.success) return;
        expect(usdAmount.safeParse(kept.data).success).toBe(true);
        expect(Number(kept.data)).toBe(value);
      }),
    );
  });

  test('any number is kept exactly or refused', () => {
    fc.assert(
      fc.property(fc.double(), (value) => {
        const kept = usdInput.safeParse(value);
        expect(!kept.success || Number(kept.data) === value).toBe(true);
      }),
    );
  });
});
