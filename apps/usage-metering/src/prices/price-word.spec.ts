import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { ModelPrice } from '@orgn/contracts';
import { costNanoUsd, type UsageCounts } from '@orgn/pricing';
import fc from 'fast-check';
import { makeWord } from '../usage/make.ts';
import type { UsageWord } from '../usage/usage-word.ts';
import type { KnownPrice } from './price-book.repository.ts';
import { digestOf, parsePriceFile } from './price-file.ts';
import { priceWord } from './price-word.ts';

const catalogue = readFileSync(new URL('../../../../models.yaml', import.meta.url), 'utf8');
const [old, now, later]: [ModelPrice, ModelPrice, ModelPrice] = [
  { input: '1', output: '2' },
  { input: '1.5', output: '3' },
  { input: '2', output: '4', cachedInput: '0.2' },
];
const at = (time: string) => Date.parse(`2027-01-${time}Z`);
const known = (price: ModelPrice, from = -Infinity, until = Infinity): KnownPrice => {
  return { model: 'near_a', digest: digestOf(price), price, from, until };
};
const book = [
  known(old, -Infinity, at('10T01:00:00')),
  known(now, -Infinity, at('20T00:00:00')),
  known(later, at('20T00:00:00')),
];
const counts = { promptTokens: 1_000, completionTokens: 500 };
const wordOf = (price: ModelPrice | undefined, time: string, more: Partial<UsageWord> = {}): UsageWord => ({
  ...makeWord({ ...counts, model: 'near_a', startedAt: new Date(at(time)).toISOString() }),
  costNanoUsd: price ? costNanoUsd(counts, price) : 0,
  price,
  ...more,
});
const chargeOf = (word: UsageWord) => {
  const priced = priceWord(word, book);
  return priced === 'unknown' ? priced : [priced.word.costNanoUsd, priced.isOther];
};

describe('a word', () => {
  test('at a price that holds is charged what it says', () => {
    expect(chargeOf(wordOf(now, '15T00:00:00'))).toEqual([3_000_000, false]);
    expect(chargeOf(wordOf(old, '10T00:59:59.999'))).toEqual([2_000_000, false]);
    expect(chargeOf(wordOf(later, '20T00:00:00'))).toEqual([4_000_000, false]);
  });

  test('that charges other than its counts come to is charged what they come to', () => {
    expect(chargeOf(wordOf(now, '15T00:00:00', { costNanoUsd: 1 }))).toEqual([3_000_000, true]);
    expect(chargeOf(wordOf(now, '15T00:00:00', { costNanoUsd: 9_000_000_000 }))).toEqual([3_000_000, true]);
  });

  test('at a price that held before or will hold later is charged what holds when its request was admitted', () => {
    expect(chargeOf(wordOf(old, '15T00:00:00'))).toEqual([3_000_000, true]);
    expect(chargeOf(wordOf(later, '19T23:59:59.999'))).toEqual([3_000_000, true]);
    expect(chargeOf(wordOf(now, '20T00:00:00'))).toEqual([4_000_000, true]);
  });

  test('at a price that nobody listed waits, whatever it says', () => {
    const invented = { input: '0', output: '0' };
    expect(chargeOf(wordOf(invented, '15T00:00:00'))).toBe('unknown');
    expect(priceWord(wordOf(now, '15T00:00:00'), [])).toBe('unknown');
  });

  test('without a price is charged what holds', () => {
    expect(chargeOf(wordOf(undefined, '15T00:00:00', { costNanoUsd: 3_000_000 }))).toEqual([3_000_000, false]);
    expect(chargeOf(wordOf(undefined, '15T00:00:00'))).toEqual([3_000_000, true]);
  });

  test('that the answer was withheld is free at any price', () => {
    const withheld = wordOf({ input: '9', output: '9' }, '15T00:00:00', { outcome: 'withheld', costNanoUsd: 0 });
    expect(chargeOf(withheld)).toEqual([0, false]);
  });
});

describe('a price', () => {
  test('has the same name however it was written, and another one when it says anything else', () => {
    const rate = fc.nat(99).map(String);
    const price = fc.record(
      { input: rate, output: rate, cachedInput: rate, request: rate },
      { requiredKeys: ['input', 'output'] },
    );
    fc.assert(
      fc.property(price, price, (one, other) => {
        const reversed = Object.fromEntries(Object.entries(one).reverse()) as unknown as ModelPrice;
        expect(digestOf({ ...reversed, cacheWrite: undefined })).toBe(digestOf(one));
        const isSame = JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort());
        expect(digestOf(one) === digestOf(other)).toBe(isSame);
      }),
    );
    const tiered = { ...now, longContext: { aboveTokens: 1, input: '9', output: '9' } };
    expect(digestOf(tiered)).not.toBe(digestOf({ ...tiered, longContext: { ...tiered.longContext, aboveTokens: 2 } }));
  });

  test('holds until the next one of its model begins', () => {
    const text = `
- id: near_a
  price: { input: '1', output: '2' }
  laterPrices:
    - { validFrom: '2027-03-01T00:00:00Z', input: '3', output: '4' }
    - { validFrom: '2027-02-01T00:00:00+01:00', input: '2', output: '3' }`;
    expect(parsePriceFile(text).map(({ price, from, until }) => [price.input, from, until])).toEqual([
      ['1', null, Date.parse('2027-01-31T23:00:00Z')],
      ['2', Date.parse('2027-01-31T23:00:00Z'), Date.parse('2027-03-01T00:00:00Z')],
      ['3', Date.parse('2027-03-01T00:00:00Z'), null],
    ]);
  });
});

/** Made by hand from the prices that models.yaml lists: nano-USD. */
const golden: [model: string, counts: UsageCounts, nanoUsd: number][] = [
  ['near_qwen3_30b', { promptTokens: 1_234, completionTokens: 567 }, 440_250],
  ['near_glm_5', { promptTokens: 1, completionTokens: 0 }, 950],
  ['near_gpt_oss_120b', { promptTokens: 131_071, completionTokens: 32_768, reasoningTokens: 30_000 }, 37_683_050],
  ['near_whisper_large_v3', { promptTokens: 0, completionTokens: 0, audioSeconds: 61 }, 6_100_000],
  ['phala_deepseek_r1', { promptTokens: 3, completionTokens: 7 }, 16_550],
  ['phala_llama_3_3_70b', { promptTokens: 999, completionTokens: 1 }, 130_270],
  ['vercel_gpt_4o', { promptTokens: 2_000, completionTokens: 100, cachedTokens: 1_024 }, 4_720_000],
  [
    'vercel_claude_fable_5',
    { promptTokens: 1_000, completionTokens: 10, cachedTokens: 600, cacheWriteTokens: 300 },
    2_925_000,
  ],
  ['vercel_claude_sonnet_4_6', { promptTokens: 200_000, completionTokens: 1_000, cachedTokens: 100_000 }, 345_000_000],
  ['vercel_claude_sonnet_4_6', { promptTokens: 200_001, completionTokens: 1_000, cachedTokens: 100_000 }, 682_506_000],
  ['vercel_text_embedding_3_small', { promptTokens: 49, completionTokens: 0 }, 980],
];

test.each(golden)('%s: %j costs what it costs by hand', (model, used, nanoUsd) => {
  const price = parsePriceFile(catalogue).find((entry) => entry.model === model)!.price;
  expect(costNanoUsd(used, price)).toBe(nanoUsd);
});
