import { describe, expect, test } from '@jest/globals';
import { costNanoUsd } from '@orgn/pricing';
import fc from 'fast-check';
import { countOf } from './usage-count.ts';

const nothing = {
  promptTokens: 0,
  completionTokens: 0,
  cachedTokens: 0,
  cacheWriteTokens: 0,
  reasoningTokens: 0,
  audioTokens: 0,
  audioSeconds: 0,
  searchUnits: 0,
};
const bounds = { promptTokens: 100, completionTokens: 50, audioSeconds: 60, requests: 4 };
const heard = {
  usage: undefined,
  outputs: { completionTokens: 3 },
  wasAnswered: true,
  isPromptOwed: false,
  promptEstimate: () => 40,
  images: 0,
  bounds,
};

describe('countOf', () => {
  test("takes the provider's figures, with the classes it tells", () => {
    const usage = { ...nothing, promptTokens: 10, completionTokens: 5, cachedTokens: 4, audioSeconds: 1.2 };
    expect(countOf({ ...heard, usage })).toEqual({
      promptTokens: 10,
      completionTokens: 5,
      cachedTokens: 4,
      audioSeconds: 2,
      requests: 1,
      countedBy: 'provider',
    });
  });

  test('counts what passed by where there are no figures, and nothing where nothing was produced', () => {
    expect(countOf(heard)).toMatchObject({ promptTokens: 40, completionTokens: 3, countedBy: 'router' });
    const silent = { ...heard, outputs: { completionTokens: 0 }, wasAnswered: false };
    expect(countOf(silent)).toEqual({ promptTokens: 0, completionTokens: 0, countedBy: 'router' });
  });

  test('counts the prompt of a caller who left before anything was produced, within its bound', () => {
    const left = { ...heard, outputs: { completionTokens: 0 }, wasAnswered: false, isPromptOwed: true, images: 2 };
    const owed = { promptTokens: 40, completionTokens: 0, images: 2, requests: 0, countedBy: 'router' };
    expect(countOf(left)).toEqual(owed);
    expect(countOf({ ...left, promptEstimate: () => 900 })).toEqual({ ...owed, promptTokens: 100 });
    expect(costNanoUsd(countOf(left), { input: '1', output: '1', request: '5' })).toBe(40_000);
  });

  test('never counts more than the request can have used', () => {
    const most = { ...heard, outputs: { completionTokens: 900 }, promptEstimate: () => 900 };
    expect(countOf(most)).toMatchObject({ promptTokens: 100, completionTokens: 50, countedBy: 'router' });
  });

  test.each([
    { promptTokens: 101 },
    { promptTokens: 1, completionTokens: 51 },
    { promptTokens: 1, completionTokens: 0 },
    { promptTokens: 1, completionTokens: 5, audioSeconds: 61 },
    { promptTokens: 1, completionTokens: 5, searchUnits: 5 },
  ])('believes nothing of %j', (figures) => {
    const usage = { ...nothing, ...figures };
    expect(countOf({ ...heard, usage })).toEqual(countOf(heard));
  });

  test('believes no more tokens than passed by, where each of them was seen', () => {
    const usage = { ...nothing, promptTokens: 10, completionTokens: 40 };
    expect(countOf({ ...heard, usage, seenTokens: 20 })).toMatchObject({ completionTokens: 3, countedBy: 'router' });
    expect(countOf({ ...heard, usage })).toMatchObject({ completionTokens: 40, countedBy: 'provider' });
  });

  test('believes fewer tokens than chunks that passed by, as long as there are any', () => {
    const usage = { ...nothing, promptTokens: 10, completionTokens: 1 };
    expect(countOf({ ...heard, usage })).toMatchObject({ completionTokens: 1, countedBy: 'provider' });
  });

  test('believes that nothing was produced where nothing passed by', () => {
    const usage = { ...nothing, promptTokens: 10 };
    const silent = { ...heard, outputs: { completionTokens: 0 }, usage };
    expect(countOf(silent)).toMatchObject({ promptTokens: 10, completionTokens: 0, countedBy: 'provider' });
    expect(countOf({ ...silent, outputs: { completionTokens: 1 } })).toMatchObject({ countedBy: 'router' });
  });

  test('gives counts that can be charged, whatever a provider says', () => {
    const figure = fc.maxSafeNat();
    const usage = fc.record({
      promptTokens: figure,
      completionTokens: figure,
      cachedTokens: figure,
      cacheWriteTokens: figure,
      reasoningTokens: figure,
      audioTokens: figure,
      audioSeconds: fc.double({ min: 0, noNaN: true }),
      searchUnits: fc.double({ min: 0, noNaN: true }),
    });
    const price = { input: '25', output: '100', audioSecond: '0.01', request: '0.1' };
    fc.assert(
      fc.property(usage, (said) => {
        const count = countOf({ ...heard, usage: said });
        return Number.isSafeInteger(costNanoUsd(count, price)) && Number.isSafeInteger(count.promptTokens);
      }),
    );
  });
});
