import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { UsageRow } from '@orgn/contracts';
import { makeWord } from './make.ts';
import { idSize, inMessages, rowSize } from './settled-messages.ts';

const rowOf = (text: string): UsageRow => ({
  ...makeWord({ model: text, provider: text, priceVersion: text, costNanoUsd: Number.MAX_SAFE_INTEGER }),
  secondOf: null,
  recordedAt: new Date().toISOString(),
});
const texts = fc.array(fc.string({ unit: 'binary', maxLength: 60 }));

describe('announcing what was settled', () => {
  test('says everything exactly once and in order, in messages below the limit', () => {
    fc.assert(
      fc.property(texts, texts, (ids, names) => {
        const rows = names.map(rowOf);
        const [said, shown] = [inMessages(ids, idSize, 4_000), inMessages(rows, rowSize, 4_000)];
        expect(said.flat()).toEqual(ids);
        expect(shown.flat()).toEqual(rows);
        for (const message of [...said, ...shown])
          expect(Buffer.byteLength(JSON.stringify(message))).toBeLessThanOrEqual(4_000);
      }),
    );
  });

  test('says nothing when nothing was settled', () => {
    expect(inMessages([], idSize)).toEqual([]);
  });
});
