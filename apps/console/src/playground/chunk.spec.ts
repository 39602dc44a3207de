/** @jest-environment node */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readChunk } from './chunk.ts';

describe('an event of a stream', () => {
  test('says what came, what it took and how it ended', () => {
    const usage = {
      prompt_tokens: 3,
      completion_tokens: 5,
      cost: 3.1e-7,
      completion_tokens_details: { reasoning_tokens: 2 },
    };
    const event = {
      choices: [
        {
          delta: {
            content: 'Hi',
            reasoning_content: 'hm',
            tool_calls: [{ index: 0, id: 'c', function: { name: 'f', arguments: '{' } }],
          },
          finish_reason: 'stop',
        },
      ],
      usage,
    };
    expect(readChunk(JSON.stringify(event))).toEqual([
      { growth: { text: 'Hi', reasoning: 'hm', calls: [{ index: 0, id: 'c', name: 'f', arguments: '{' }] } },
      { finish: 'stop' },
      { usage: { promptTokens: 3, completionTokens: 5, reasoningTokens: 2, cachedTokens: 0, costUsd: '0.000000310' } },
    ]);
  });

  test('is an error where it says so', () => {
    expect(readChunk('{"error":{"code":"provider_unavailable","message":"Gone."}}')).toEqual([
      { fault: { code: 'provider_unavailable', detail: 'Gone.' } },
    ]);
  });

  test('never ends a stream by what it holds', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (data) => void readChunk(data)));
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        for (const event of [
          { choices: value },
          { choices: [value] },
          { choices: [{ delta: value }] },
          { usage: value },
        ])
          expect(readChunk(JSON.stringify(event)).every((part) => Object.keys(part).length === 1)).toBe(true);
      }),
    );
  });
});
