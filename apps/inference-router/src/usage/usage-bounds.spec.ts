import { describe, expect, test } from '@jest/globals';
import { boundsOf } from './usage-bounds.ts';

const chat = { type: 'chat' as const, context: 10_000, maxOutput: 500, defaultOutput: 100 };
const bounds = { promptTokens: 3_000, choices: 1 };

describe('boundsOf', () => {
  test.each([
    ['the request', { bounds, outputLimit: undefined }, 3_000],
    ['the context where bytes bound nothing', { bounds: { ...bounds, promptTokens: undefined } }, 10_000],
    ['the context where it is less', { bounds: { ...bounds, promptTokens: 90_000 } }, 10_000],
  ])('bounds the prompt by %s', (_name, request, promptTokens) => {
    expect(boundsOf({ outputLimit: undefined, ...request }, chat)).toMatchObject({ promptTokens });
  });

  test.each([
    ['the default where the caller sets none', undefined, 1, 100],
    ["the caller's limit", 30, 1, 30],
    ["the caller's limit for each choice", 30, 4, 120],
    ['the model where the caller allows more', 9_000, 2, 1_000],
  ])('bounds the output by %s', (_name, tokens, choices, completionTokens) => {
    const outputLimit = tokens === undefined ? undefined : { tokens, param: 'max_tokens' };
    expect(boundsOf({ bounds: { ...bounds, choices }, outputLimit }, chat)).toMatchObject({ completionTokens });
  });
});
