import { describe, expect, test } from '@jest/globals';
import { noRestrictions } from '@orgn/contracts';
import fc from 'fast-check';
import { isLoosening, type Limits } from './loosening.ts';

const free: Limits = { ...noRestrictions, expiresAt: null };
const tight: Limits = {
  models: ['a_b', 'c_d'],
  executionPolicy: 'tee_only',
  ipAllowList: ['10.0.0.0/8'],
  budgets: { day: '1.50' },
  softBudgets: [],
  rpm: 10,
  tpm: 1_000,
  concurrency: 4,
  expiresAt: '2030-01-01T00:00:00Z',
};

const amount = fc
  .tuple(fc.nat({ max: 999_999_999 }), fc.option(fc.stringMatching(/^\d{1,9}$/)))
  .map(([whole, decimals]) => (decimals === null ? `${whole}` : `${whole}.${decimals}`));
const limits: fc.Arbitrary<Limits> = fc.record({
  models: fc.option(fc.subarray(['a_b', 'c_d', 'e_f'], { minLength: 1 })),
  executionPolicy: fc.constantFrom('any', 'tee_only'),
  ipAllowList: fc.option(fc.subarray(['10.0.0.0/8', '192.0.2.1'], { minLength: 1 })),
  budgets: fc.option(fc.record({ day: amount })),
  softBudgets: fc.subarray(['day', 'month']),
  rpm: fc.option(fc.integer({ min: 1, max: 1_000 })),
  tpm: fc.option(fc.integer({ min: 1, max: 1_000 })),
  concurrency: fc.option(fc.integer({ min: 1, max: 1_000 })),
  expiresAt: fc.option(
    fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }).map((d) => d.toISOString()),
  ),
});

describe('a change of a key', () => {
  test.each<[string, Partial<Limits>]>([
    ['another model', { models: ['a_b', 'x_y'] }],
    ['every model', { models: null }],
    ['models outside enclaves', { executionPolicy: 'any' }],
    ['another range', { ipAllowList: ['10.0.0.0/8', '192.0.2.0/24'] }],
    ['every address', { ipAllowList: null }],
    ['a larger budget', { budgets: { day: '1.500000001' } }],
    ['another window instead', { budgets: { month: '1.50' } }],
    ['no budget', { budgets: null }],
    ['a budget that only warns', { softBudgets: ['day'] }],
    ['more requests at a time', { concurrency: 5 }],
    ['more requests', { rpm: 11 }],
    ['any number of tokens', { tpm: null }],
    ['a longer life', { expiresAt: '2030-01-01T00:00:01Z' }],
    ['an endless life', { expiresAt: null }],
  ])('is loosening when it allows %s', (_, changes) => expect(isLoosening(tight, changes)).toBe(true));

  test.each<[string, Partial<Limits>]>([
    ['nothing else', {}],
    ['the same', tight],
    ['fewer models', { models: ['c_d'] }],
    ['less money, written differently', { budgets: { day: '1.5', month: '9' } }],
    ['fewer requests and a shorter life', { rpm: 9, expiresAt: '2029-01-01T00:00:00Z' }],
  ])('is not when it allows %s', (_, changes) => expect(isLoosening(tight, changes)).toBe(false));

  test('never loosens a key without limits', () => {
    fc.assert(fc.property(limits, (changes) => !isLoosening(free, changes)));
  });

  test('of several limits is loosening exactly when that of one of them is', () => {
    fc.assert(
      fc.property(limits, limits, (before, after) => {
        const names = Object.keys(after) as (keyof Limits)[];
        const one = names.some((name) => isLoosening(before, { [name]: after[name] }));
        expect(isLoosening(before, after)).toBe(one);
      }),
    );
  });
});
