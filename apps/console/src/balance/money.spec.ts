import { expect, test } from '@jest/globals';
import { money } from '../ui/figures.ts';
import { lasts, roughly } from './money.ts';

test.each([
  ['25000000000', '$25.00', '$25.00'],
  ['3100', '$0.0000031', '$0.00'],
  ['-1500000000', '-$1.50', '-$1.50'],
  ['0', '$0.00', '$0.00'],
  ['9000000000000000000', '$9,000,000,000.00', '$9,000,000,000.00'],
])('%s nano-USD are written whole, and to the cent', (nanoUsd, whole, rough) => {
  expect([money(nanoUsd), roughly(nanoUsd)]).toEqual([whole, rough]);
});

test.each([
  [null, 'nothing is spent'],
  [0.4, 'less than a day'],
  [1.9, 'about a day'],
  [12.3, 'about 12 days'],
  [5_000, 'more than two years'],
])('a balance that lasts %s days says so', (days, words) => {
  expect(lasts(days)).toBe(words);
});
