import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isInside } from './address-ranges.ts';

describe('isInside', () => {
  test.each([
    ['10.1.2.3', ['10.0.0.0/8']],
    ['10.1.2.3', ['192.0.2.1', '10.1.2.3']],
    ['10.1.2.3', ['::ffff:10.0.0.0/104']],
    ['2001:db8::7', ['2001:db8::/32']],
    ['2001:db8::7', ['2001:db8::7']],
    ['10.1.2.3', ['0.0.0.0/0']],
  ])('finds %s in %j', (address, ranges) => {
    expect(isInside(address, ranges)).toBe(true);
  });

  test.each([
    ['11.1.2.3', ['10.0.0.0/8']],
    ['10.1.2.4', ['10.1.2.3']],
    ['2001:db9::7', ['2001:db8::/32']],
    ['10.1.2.3', ['::/0']],
    ['::1', ['0.0.0.0/0']],
    [null, ['0.0.0.0/0', '::/0']],
  ])('does not find %s in %j', (address, ranges) => {
    expect(isInside(address, ranges)).toBe(false);
  });

  test('agrees with arithmetic on IPv4', () => {
    const toNumber = (address: string) => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
    fc.assert(
      fc.property(fc.ipV4(), fc.ipV4(), fc.integer({ min: 0, max: 32 }), (address, net, bits) => {
        const size = 2 ** (32 - bits);
        const isNear = Math.floor(toNumber(address) / size) === Math.floor(toNumber(net) / size);
        expect(isInside(address, [`${net}/${bits}`])).toBe(isNear);
      }),
    );
  });
});
