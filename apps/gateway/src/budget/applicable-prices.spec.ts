import { expect, test } from '@jest/globals';
import { applicablePrices } from './applicable-prices.ts';

const day = 24 * 3_600_000;
const now = Date.parse('2027-03-01T00:00:00Z');
const at = (ms: number) => new Date(now + ms).toISOString();
const usd = (input: string) => ({ input, output: input });
const later = (ms: number, input: string) => ({ ...usd(input), validFrom: at(ms) });
const inputs = (...laterPrices: ReturnType<typeof later>[]) =>
  applicablePrices({ price: usd('1'), laterPrices }, now).map(({ input }) => input);

test.each([
  ['has no other date', [], ['1']],
  ['changes some day', [later(day, '2')], ['1']],
  ['changes in minutes', [later(5 * 60_000, '2')], ['1', '2']],
  ['has just changed', [later(-5 * 60_000, '2')], ['1', '2']],
  ['changed long ago, in whatever order that is written', [later(-day, '3'), later(-2 * day, '2')], ['3']],
  ['changed, and changes again', [later(-day, '2'), later(60_000, '3'), later(day, '4')], ['2', '3']],
])('a request is bounded by every price that it may have: of a model that %s', (_what, dated, expected) => {
  expect(inputs(...dated)).toEqual(expected);
});
