import { describe, expect, test } from '@jest/globals';
import { measureChat, readChatAnswer } from '@orgn/dialects';
import type { InferenceRequest } from '../endpoints/endpoint.ts';
import { local } from '../providers/local.provider.ts';
import { near } from '../providers/near.provider.ts';
import type { Provider } from '../providers/provider.ts';
import { vercel } from '../providers/vercel.provider.ts';
import { Hearing } from './hearing.ts';
import type { Target } from './target.ts';

const request = {
  promptEstimate: () => 20,
  images: 0,
  bounds: { promptTokens: 3_000, measure: measureChat({ messages: [], max_tokens: 5_000 }) },
} as unknown as InferenceRequest;
const model = { type: 'chat', context: 100_000, maxOutput: 10_000, defaultOutput: 100 };

/** What is charged for a stream of these deltas, after which a provider claims so many tokens. */
function countOf(kind: Provider, deltas: object[], completion_tokens: number | undefined) {
  const hearing = new Hearing();
  const hear = (chunk: object) => hearing.hear(readChatAnswer(Buffer.from(JSON.stringify(chunk)))!);
  for (const delta of deltas) hear({ choices: [{ index: 0, delta }] });
  if (completion_tokens !== undefined) hear({ choices: [], usage: { prompt_tokens: 10, completion_tokens } });
  return hearing.countFor(request, { model, kind } as unknown as Target);
}

const words = Array.from({ length: 30 }, () => ({ content: ' word' }));
const call = [{ tool_calls: [{ index: 0, function: { name: 'at', arguments: `{"a":"${'x'.repeat(900)}"}` } }] }];

describe('a claim of far more tokens than came', () => {
  test.each([
    ['is not believed where each chunk is one token', near, { completionTokens: 30, countedBy: 'router' }],
    ['is believed where reasoning may be hidden', vercel, { completionTokens: 900, countedBy: 'provider' }],
    ['is believed where nothing is known of the engine', local, { completionTokens: 900, countedBy: 'provider' }],
  ])('%s', (_name, kind, count) => {
    expect(countOf(kind, words, 900)).toMatchObject(count);
  });

  test('is believed where the tokens came in one piece, as calls do', () => {
    expect(countOf(near, call, 300)).toMatchObject({ completionTokens: 300, countedBy: 'provider' });
  });

  test('is believed where it is but a few that nobody sees', () => {
    expect(countOf(near, words, 45)).toMatchObject({ completionTokens: 45, countedBy: 'provider' });
  });
});

test('output that no provider counted is counted by its chunks where they are tokens, else by its length', () => {
  const long = [{ content: 'x'.repeat(400) }];
  expect(countOf(near, long, undefined)).toMatchObject({ completionTokens: 1, countedBy: 'router' });
  expect(countOf(vercel, long, undefined)).toMatchObject({ completionTokens: 100, countedBy: 'router' });
});
