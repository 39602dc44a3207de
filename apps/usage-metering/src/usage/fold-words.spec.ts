import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { RequestId } from '@orgn/contracts';
import { foldWords } from './fold-words.ts';
import { makeRequestId, makeWord } from './make.ts';

describe('folding a batch', () => {
  const requestId = makeRequestId();
  const startedAt = '2026-11-28T00:00:00.000Z';
  const seen = makeWord({ requestId, startedAt, outcome: 'cancelled', completionTokens: 3 }, 'gateway');
  const counted = makeWord({ requestId, startedAt }, 'router');
  const withheld = makeWord({ requestId, startedAt, outcome: 'withheld', costNanoUsd: 0 }, 'router');

  test("keeps the router's word over the gateway's, and a withheld answer over both, in any order", () => {
    const orders = fc.shuffledSubarray([seen, counted, withheld, seen, counted, withheld], { minLength: 1 });
    fc.assert(
      fc.property(orders, (words) => {
        const best = [withheld, counted, seen].find((word) => words.includes(word));
        expect(foldWords(words)).toEqual([best]);
      }),
    );
  });

  test('keeps a word of each router that ran it, and no gateway’s beside them', () => {
    const other = { ...counted, instance: 'router-2' };
    const orders = fc.shuffledSubarray([seen, counted, other, withheld, other], { minLength: 5 });
    fc.assert(fc.property(orders, (words) => expect(foldWords(words)).toEqual([withheld, other])));
  });

  test('takes one id under two admissions for two runs', () => {
    const again = { ...counted, startedAt: '2026-11-28T01:00:00.000Z' };
    expect(new Set(foldWords([again, counted]))).toEqual(new Set([counted, again]));
  });

  test('keeps one word a request, ordered by request id, so that replicas lock rows in one order', () => {
    const words = [5, 3, 9, 1].map((ms) => makeWord({ requestId: makeRequestId(ms) }, 'router'));
    const ids = foldWords([...words, ...words]).map((word) => word.requestId);
    expect(ids).toEqual(words.map((word) => word.requestId).sort());
  });

  test('takes an id in capitals for the same request, as the database does', () => {
    const shouted = { ...counted, requestId: requestId.toUpperCase() as RequestId };
    expect(foldWords([seen, shouted])).toEqual([shouted]);
  });
});
