import { expect, test } from '@jest/globals';
import { priceAt } from './price-at.ts';

test('a request costs what holds when it was admitted, to the millisecond, in whatever order prices are listed', () => {
  const model = {
    price: { input: '1', output: '1' },
    laterPrices: [
      { validFrom: '2027-03-01T00:00:00Z', input: '3', output: '3' },
      { validFrom: '2027-02-01T00:00:00+01:00', input: '2', output: '2' },
    ],
  };
  const inputAt = (time: string) => priceAt(model, Date.parse(time)).input;
  expect(inputAt('2027-01-31T22:59:59.999Z')).toBe('1');
  expect(inputAt('2027-01-31T23:00:00Z')).toBe('2');
  expect(inputAt('2027-02-28T23:59:59.999Z')).toBe('2');
  expect(inputAt('2027-03-01T00:00:00Z')).toBe('3');
  expect(priceAt({ price: model.price }, Date.now())).toEqual(model.price);
});
