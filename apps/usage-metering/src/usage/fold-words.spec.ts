import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { RequestId } from '@orgn/contracts';
import { foldWords, type UsageWord } from './fold-words.ts';
import { makeRequestId, makeUsage } from './make.ts';

const wordOf = (overrides: Parameters<typeof makeUsage>[0], witness: UsageWord['witness']): UsageWord => ({
  ...makeUsage(overrides),
  witness,
});

describe('folding a batch', () => {
  const requestId = makeRequestId();
  const seen = wordOf({ requestId, outcome: 'cancelled', completionTokens: 3 }, 'gateway');
  const counted = wordOf({ requestId }, 'router');
  const withheld = wordOf({ requestId, outcome: 'withheld', costNanoUsd: 0 }, 'router');

  test("keeps the router's word over the gateway's, and a withheld answer over both, in any order", () => {
    const orders = fc.shuffledSubarray([seen, counted, withheld, seen, counted, withheld], { minLength: 1 });
    fc.assert(
      fc.property(orders, (words) => {
        const best = [withheld, counted, seen].find((word) => words.includes(word));
        expect(foldWords(words)).toEqual([best]);
      }),
    );
  });

  test('keeps one word a request, ordered by request id, so that replicas lock rows in one order', () => {
    const words = [5, 3, 9, 1].map((ms) => wordOf({ requestId: makeRequestId(ms) }, 'router'));
    const ids = foldWords([...words, ...words]).map((word) => word.requestId);
    expect(ids).toEqual(words.map((word) => word.requestId).sort());
  });

  test('takes an id in capitals for the same request, as the database does', () => {
    const shouted = { ...counted, requestId: requestId.toUpperCase() as RequestId };
    expect(foldWords([seen, shouted])).toEqual([shouted]);
  });
});
