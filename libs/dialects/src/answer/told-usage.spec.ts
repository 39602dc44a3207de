import { describe, expect, test } from '@jest/globals';
import { splice } from '../json/splice.ts';
import { readChatAnswer } from '../chat/chat-answer.ts';
import { readRerankAnswer } from '../rerank/rerank-answer.ts';
import { rerankUsage, tokenUsage, usageEdits, type ToldUsage } from './told-usage.ts';

const told: ToldUsage = { promptTokens: 20, completionTokens: 10 };
const tell = (text: string, charged = told, costUsd?: string) => {
  const json = Buffer.from(text);
  const parts = readChatAnswer(json)!;
  return String(splice(json, usageEdits(json, parts, { form: tokenUsage, told: charged, costUsd })));
};

describe('usageEdits', () => {
  test.each([
    '{"choices":[],"usage":{"prompt_tokens":20,"completion_tokens":10,"total_tokens":30},"x":1}',
    '{"usage":{ "completion_tokens": 10, "prompt_tokens": 20, "queue_time": 0.1 },"choices":[]}',
  ])('leave %s as it is', (text) => {
    expect(tell(text)).toBe(text);
  });

  test.each([
    '"usage":{"prompt_tokens":21,"completion_tokens":10,"total_tokens":31}',
    '"usage":{"prompt_tokens":20,"completion_tokens":10,"total_tokens":900}',
    '"usage":{"prompt_tokens":20,"completion_tokens":10,"prompt_tokens_details":{"cached_tokens":3}}',
    '"usage":{"prompt_tokens":"20","completion_tokens":10}',
    '"usage":null',
    '"usage":"much"',
    '"usage":{}',
  ])('replace %s by what is charged', (usage) => {
    expect(tell(`{"choices":[],${usage},"x":1}`)).toBe(
      '{"choices":[],"usage":{"prompt_tokens":20,"completion_tokens":10,"total_tokens":30},"x":1}',
    );
  });

  test('replace every usage where a provider writes the name twice', () => {
    const edited = tell('{"usage":{"prompt_tokens":1},"choices":[],"usage":{"prompt_tokens":2}}');
    expect(edited.match(/"prompt_tokens":20/g)).toHaveLength(2);
  });

  test('add what a provider does not tell, with classes and cost', () => {
    const charged = { ...told, cachedTokens: 5, reasoningTokens: 2 };
    expect(JSON.parse(tell('{"choices":[]}', charged, '0.000000009'))).toEqual({
      choices: [],
      usage: {
        prompt_tokens: 20,
        completion_tokens: 10,
        total_tokens: 30,
        prompt_tokens_details: { cached_tokens: 5 },
        completion_tokens_details: { reasoning_tokens: 2 },
        cost: 9e-9,
      },
    });
  });

  test('of a reranking count in the unit that the provider counts in', () => {
    const json = Buffer.from('{"results":[1],"meta":{"billed_units":{"search_units":900}}}');
    const edits = usageEdits(json, readRerankAnswer(json)!, { form: rerankUsage, told: { ...told, requests: 2 } });
    expect(JSON.parse(String(splice(json, edits)))).toEqual({
      results: [1],
      meta: { billed_units: { search_units: 2 } },
    });
  });
});
