import { isIP } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { networkOf as networkOfAddress, toClientAddress } from './client-address.ts';

const networkOf = (text: string | null) => networkOfAddress(text === null ? null : toClientAddress(text));

describe('toClientAddress', () => {
  test.each([
    ['203.0.113.9', '203.0.113.9'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['::FFFF:203.0.113.9', '203.0.113.9'],
    ['::ffff:cb00:7109', '203.0.113.9'],
    ['0:0:0:0:0:FFFF:203.0.113.9', '203.0.113.9'],
    ['2001:DB8:0:0::1', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
  ])('spells %s as %s', (text, address) => {
    expect(toClientAddress(text)).toBe(address);
  });

  test.each(['', 'unknown', '203.0.113', '203.0.113.9:80', '<script>', '::ffff:999.0.0.1'])(
    'takes %j for nothing',
    (text) => {
      expect(toClientAddress(text)).toBeNull();
    },
  );

  test('answers an address or null, whatever is written', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.ipV4(), fc.ipV6()), (text) => {
        const address = toClientAddress(text);
        expect(address === null || isIP(address) > 0).toBe(true);
      }),
    );
  });
});

describe('networkOf', () => {
  test.each([
    ['203.0.113.9', '203.0.113.250'],
    ['2001:db8:1::1', '2001:db8:1:ffff:0:0:0:2'],
    ['2001:db8::', '2001:0db8:0000:1::7'],
    ['::1', '::2'],
    ['::', '0:0:0:0:0:0:1.2.3.4'],
    ['1:2::5', '1:2:0:9:9:9:9:9'],
  ])('puts %s and %s together', (one, other) => {
    expect(networkOf(one)).toBe(networkOf(other));
  });

  test.each([
    ['203.0.113.9', '203.0.114.9'],
    ['2001:db8:1::1', '2001:db8:2::1'],
    ['2001:db8::1', '2001:db9::1'],
    ['2001:db8:1::1', '2002:db8:1::1'],
    ['::1', '0:0:1::1'],
    ['0:0:3:4:5:6:7:8', '0:0:9:4:5:6:7:8'],
    ['0:0:3:4:5:6:1.2.3.4', '0:0:9:4:5:6:1.2.3.4'],
    ['203.0.113.9', null],
  ])('keeps %s and %s apart', (one, other) => {
    expect(networkOf(one)).not.toBe(networkOf(other));
  });

  test('depends on the first 48 bits of an IPv6 address only, however it is spelled', () => {
    const group = fc.integer({ min: 0, max: 0xffff });
    const groups = fc.tuple(...Array.from({ length: 8 }, () => group));
    fc.assert(
      fc.property(groups, groups, (one, other) => {
        const hex = (all: number[]) => all.map((value) => value.toString(16).padStart(4, '0')).join(':');
        const [near] = [[...one.slice(0, 3), ...other.slice(3)]];
        expect(networkOf(hex(one))).toBe(networkOf(hex(near)));
        const isSame = one.slice(0, 3).join() === other.slice(0, 3).join();
        expect(networkOf(hex(one)) === networkOf(hex(other))).toBe(isSame);
      }),
    );
  });
});
