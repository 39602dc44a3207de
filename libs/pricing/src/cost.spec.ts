import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { costNanoUsd, formatUsd } from './cost.ts';

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

describe('formatUsd', () => {
  test.each([
    [0, '0.000000000'],
    [61_650, '0.000061650'],
    [1_234_567_890, '1.234567890'],
  ])('writes %i nano-USD as %s', (nano, text) => {
    expect(formatUsd(nano)).toBe(text);
  });
});
