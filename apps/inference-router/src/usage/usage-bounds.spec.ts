import { describe, expect, test } from '@jest/globals';
import { measureChat } from '@orgn/dialects';
import { boundsOf } from './usage-bounds.ts';

const chat = { id: 'near_m', type: 'chat' as const, context: 10_000, maxOutput: 500, defaultOutput: 100 };
const stated = { prompt: 50, message: 10, tools: 10, tool: 10, assumed: false };
const hello = { messages: [{ role: 'user', content: 'Hello' }] };
const bounds = { promptTokens: 3_000, measure: measureChat(hello) };

describe('boundsOf', () => {
  test.each([
    ['the request where the catalogue states nothing', bounds, undefined, 3_000],
    ['the context where bytes bound nothing', { ...bounds, promptTokens: undefined }, undefined, 10_000],
    ['the context where it is less', { ...bounds, promptTokens: 90_000 }, undefined, 10_000],
    ['what the catalogue states, by which money was held', bounds, stated, 65],
    ['the request where the catalogue only assumes', bounds, { ...stated, assumed: true }, 3_000],
  ])('bounds the prompt by %s', (_name, request, statedBounds, promptTokens) => {
    expect(boundsOf({ bounds: request }, { ...chat, bounds: statedBounds })).toMatchObject({ promptTokens });
  });

  test.each([
    ['the default where the caller sets none', undefined, 1, 100],
    ["the caller's limit", 30, 1, 30],
    ["the caller's limit for each choice", 30, 4, 120],
    ['the model where the caller allows more', 9_000, 2, 1_000],
  ])('bounds the output by %s', (_name, max_tokens, n, completionTokens) => {
    const measure = measureChat({ ...hello, max_tokens, n });
    expect(boundsOf({ bounds: { ...bounds, measure } }, chat)).toMatchObject({ completionTokens });
  });

  test('believes no seconds of sound where there is none, and no search units', () => {
    expect(boundsOf({ bounds }, chat)).toMatchObject({ audioSeconds: 0, requests: 1 });
  });
});
