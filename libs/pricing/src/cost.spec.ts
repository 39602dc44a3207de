import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { costNanoUsd, costParts, dearestNanoUsd, formatPart, type UsageCounts } from './cost.ts';
import { cheaperWhenLong, type Price } from './price.ts';

const price = fc
  .tuple(fc.nat({ max: 999 }), fc.nat({ max: 999_999_999 }))
  .map(([whole, part]) => `${whole}.${String(part).padStart(9, '0')}`);
const count = fc.nat({ max: 2_000_000 });

describe('costNanoUsd', () => {
  test('charges 0.15 and 0.45 USD per million tokens to the nano-USD', () => {
    expect(costNanoUsd({ promptTokens: 12, completionTokens: 7 }, { input: '0.15', output: '0.45' })).toBe(
      12 * 150 + 7 * 450,
    );
  });

  test('rounds half a nano-USD up, once for the whole request', () => {
    expect(costNanoUsd({ promptTokens: 1, completionTokens: 0 }, { input: '0.0005', output: '0' })).toBe(1);
    expect(costNanoUsd({ promptTokens: 1, completionTokens: 1 }, { input: '0.00025', output: '0.00025' })).toBe(1);
    expect(costNanoUsd({ promptTokens: 1, completionTokens: 0 }, { input: '0.000499999', output: '0' })).toBe(0);
  });

  test('never falls when a count or a price rises, so that a bound on tokens is a bound on money', () => {
    fc.assert(
      fc.property(count, count, count, price, price, (prompt, completion, more, input, output) => {
        const cost = costNanoUsd({ promptTokens: prompt, completionTokens: completion }, { input, output });
        const dearer = costNanoUsd({ promptTokens: prompt + more, completionTokens: completion }, { input, output });
        return dearer >= cost;
      }),
    );
  });

  test('differs from the exact rational cost by at most half a nano-USD', () => {
    fc.assert(
      fc.property(count, count, price, price, (prompt, completion, input, output) => {
        const scaled =
          BigInt(input.replace('.', '')) * BigInt(prompt) + BigInt(output.replace('.', '')) * BigInt(completion);
        const cost = BigInt(costNanoUsd({ promptTokens: prompt, completionTokens: completion }, { input, output }));
        const difference = cost * 1_000_000n - scaled;
        return difference <= 500_000n && difference > -500_000n;
      }),
    );
  });

  test.each(['', '1,5', '-1', '1e3', '0.1234567891', ' 1'])('refuses the price %j', (input) => {
    expect(() => costNanoUsd({ promptTokens: 1, completionTokens: 1 }, { input, output: '1' })).toThrow(RangeError);
  });

  test.each([-1, 1.5, Number.NaN, 2 ** 53])('refuses the count %p', (promptTokens) => {
    expect(() => costNanoUsd({ promptTokens, completionTokens: 0 }, { input: '1', output: '1' })).toThrow(RangeError);
  });
});

const plain: Price = { input: '2', output: '8' };

describe('a class of tokens', () => {
  const used = { promptTokens: 100, completionTokens: 50 };

  test('with a price of its own costs that price, and the rest of its whole the usual one', () => {
    const price = { ...plain, cachedInput: '0.2', cacheWrite: '2.5', reasoning: '10' };
    const counts = { ...used, cachedTokens: 60, cacheWriteTokens: 10, reasoningTokens: 20 };
    expect(costNanoUsd(counts, price)).toBe(30 * 2_000 + 60 * 200 + 10 * 2_500 + 30 * 8_000 + 20 * 10_000);
  });

  test('without a price of its own costs what its whole costs', () => {
    const counts = { ...used, cachedTokens: 60, cacheWriteTokens: 10, reasoningTokens: 20 };
    expect(costNanoUsd(counts, plain)).toBe(costNanoUsd(used, plain));
  });

  test('that nobody counted costs what its whole costs, not what the cheapest part would', () => {
    const price = { ...plain, cachedInput: '0.2', cacheWrite: '2.5', reasoning: '10' };
    expect(costNanoUsd(used, price)).toBe(100 * 2_000 + 50 * 8_000);
  });

  test('is never charged beyond its whole, the dearer part first', () => {
    const price = { ...plain, cachedInput: '0.2', cacheWrite: '2.5' };
    const counts = { promptTokens: 10, completionTokens: 0, cachedTokens: 10, cacheWriteTokens: 8 };
    expect(costNanoUsd(counts, price)).toBe(2 * 200 + 8 * 2_500);
  });
});

describe('a long prompt', () => {
  const price = { ...plain, cachedInput: '0.2', longContext: { aboveTokens: 1_000, input: '4', output: '12' } };

  test('moves the whole request to its own prices, one token above the threshold and not at it', () => {
    expect(costNanoUsd({ promptTokens: 1_000, completionTokens: 10 }, price)).toBe(1_000 * 2_000 + 10 * 8_000);
    expect(costNanoUsd({ promptTokens: 1_001, completionTokens: 10 }, price)).toBe(1_001 * 4_000 + 10 * 12_000);
  });

  test('does not fall back to a discount of the short tier', () => {
    const counts = { promptTokens: 1_001, completionTokens: 0, cachedTokens: 1_001 };
    expect(costNanoUsd(counts, price)).toBe(1_001 * 4_000);
  });

  test('that would cost less is named, because then a bound on tokens bounds no money', () => {
    expect(cheaperWhenLong(price)).toEqual([]);
    const cheaper = { ...price, longContext: { aboveTokens: 1_000, input: '1', output: '12', cachedInput: '0.1' } };
    expect(cheaperWhenLong(cheaper)).toEqual(['input', 'cachedInput', 'cacheWrite']);
  });
});

describe('what is not a token', () => {
  const price = { input: '0', output: '0', image: '0.001', audioSecond: '0.0001', request: '0.002' };

  test('is charged by the piece', () => {
    const counts = { promptTokens: 0, completionTokens: 0, images: 3, audioSeconds: 61 };
    expect(costNanoUsd(counts, price)).toBe(3 * 1_000_000 + 61 * 100_000 + 2_000_000);
  });

  test('has no fee per request when nothing was used, unless it is said that there was an answer', () => {
    expect(costNanoUsd({ promptTokens: 0, completionTokens: 0 }, price)).toBe(0);
    expect(costNanoUsd({ promptTokens: 0, completionTokens: 0, requests: 1 }, price)).toBe(2_000_000);
  });
});

describe('dearestNanoUsd', () => {
  const rate = fc.option(price, { nil: undefined });
  const tokenPrices = { cachedInput: rate, cacheWrite: rate, reasoning: rate };
  const anyPrice = fc
    .record({
      base: fc.record({ input: price, output: price, ...tokenPrices }),
      long: fc.option(fc.record({ input: price, output: price, ...tokenPrices, aboveTokens: count }), {
        nil: undefined,
      }),
      units: fc.record({ image: rate, audioSecond: rate, request: rate }),
    })
    .map(({ base, long, units }): Price => ({ ...base, ...units, longContext: long }))
    .filter((candidate) => cheaperWhenLong(candidate).length === 0);
  const counts: fc.Arbitrary<UsageCounts> = fc.record({
    promptTokens: count,
    completionTokens: count,
    cachedTokens: count,
    cacheWriteTokens: count,
    reasoningTokens: count,
    images: fc.nat({ max: 100 }),
    audioSeconds: fc.nat({ max: 100 }),
  });

  test('bounds every request within its counts, whatever classes its tokens have', () => {
    fc.assert(
      fc.property(counts, anyPrice, fc.nat({ max: 99 }), (most, candidate, percent) => {
        const part = (value: number | undefined) => Math.floor(((value ?? 0) * percent) / 100);
        const within: UsageCounts = {
          promptTokens: part(most.promptTokens),
          completionTokens: part(most.completionTokens),
          cachedTokens: part(most.cachedTokens),
          cacheWriteTokens: part(most.cacheWriteTokens),
          reasoningTokens: part(most.reasoningTokens),
          images: part(most.images),
          audioSeconds: part(most.audioSeconds),
        };
        const bound = dearestNanoUsd(most, candidate);
        return costNanoUsd(most, candidate) <= bound && costNanoUsd(within, candidate) <= bound;
      }),
      { numRuns: 500 },
    );
  });
});

describe('the parts of a cost', () => {
  const some = fc.option(fc.nat({ max: 5_000_000 }), { nil: undefined });
  const few = fc.option(fc.nat({ max: 1_000 }), { nil: undefined });
  const counts = fc.record({
    ...{ promptTokens: count, completionTokens: count, cachedTokens: some, cacheWriteTokens: some },
    ...{ reasoningTokens: some, images: few, audioSeconds: few, requests: few },
  });
  const rate = fc.option(price, { nil: undefined });
  const prices = fc.record({
    ...{ input: price, output: price, cachedInput: rate, cacheWrite: rate, reasoning: rate, image: rate },
    ...{ audioSecond: rate, request: rate },
  });

  test('add up to it, to the nano-USD', () => {
    fc.assert(
      fc.property(counts, prices, (used, listed) => {
        const parts = costParts(used, listed);
        const exact = parts
          .map((part) => BigInt(formatPart(part).replace('.', '')))
          .reduce((sum, one) => sum + one, 0n);
        expect((exact + 500_000n) / 1_000_000n).toBe(BigInt(costNanoUsd(used, listed)));
        for (const part of parts) expect(part.count > 0n).toBe(true);
      }),
    );
  });

  test('name each class that was used, with its own price', () => {
    const used = { promptTokens: 100, cachedTokens: 60, completionTokens: 10, images: 2 };
    const listed: Price = { input: '1', output: '2', cachedInput: '0.1', image: '0.01', request: '0.005' };
    expect(costParts(used, listed).map((part) => [part.what, Number(part.count), part.rate, formatPart(part)])).toEqual(
      [
        ['input', 40, '1', '0.000040000000000'],
        ['cachedInput', 60, '0.1', '0.000006000000000'],
        ['output', 10, '2', '0.000020000000000'],
        ['image', 2, '0.01', '0.020000000000000'],
        ['request', 1, '0.005', '0.005000000000000'],
      ],
    );
  });
});
