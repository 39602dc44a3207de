import { describe, expect, test } from '@jest/globals';
import { readUsage } from './provider-usage.ts';

const good = { prompt_tokens: 20, completion_tokens: 10, total_tokens: 30 };

describe('readUsage', () => {
  test.each([
    [good, { promptTokens: 20, completionTokens: 10 }],
    [{ ...good, prompt_tokens_details: null, completion_tokens_details: null }, { promptTokens: 20 }],
    [{ ...good, prompt_tokens_details: { cached_tokens: 8 } }, { cachedTokens: 8 }],
    [{ ...good, prompt_cache_hit_tokens: 8, prompt_cache_miss_tokens: 12 }, { cachedTokens: 8 }],
    [
      { ...good, completion_tokens_details: { reasoning_tokens: 4 } },
      { completionTokens: 10, reasoningTokens: 4 },
    ],
    [{ ...good, total_tokens: 70, completion_tokens_details: { reasoning_tokens: 40 } }, { completionTokens: 50 }],
    [{ total_tokens: 7 }, { promptTokens: 7, completionTokens: 0 }],
    [
      { total_tokens: 30, completion_tokens: 10 },
      { promptTokens: 20, completionTokens: 10 },
    ],
    [
      { type: 'duration', seconds: 3.2 },
      { promptTokens: 0, audioSeconds: 3.2 },
    ],
  ])('reads %j', (usage, figures) => {
    expect(readUsage(usage)).toMatchObject(figures);
  });

  test.each([
    { ...good, prompt_tokens: 0 },
    { ...good, prompt_tokens: 20.5 },
    { ...good, prompt_tokens: -1 },
    { ...good, prompt_tokens: '20' },
    { ...good, completion_tokens: 1e99 },
    { ...good, completion_tokens: [10] },
    { ...good, prompt_tokens_details: { cached_tokens: 21 } },
    { ...good, prompt_tokens_details: { cached_tokens: 1.5 } },
    { ...good, prompt_tokens_details: 'many' },
    { ...good, prompt_cache_hit_tokens: 21 },
    { ...good, completion_tokens_details: { reasoning_tokens: 11 } },
    { completion_tokens: 10 },
    {},
    'much',
  ])('believes nothing of %j', (usage) => {
    expect(readUsage(usage)).toBeUndefined();
  });
});
