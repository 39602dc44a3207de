import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { UsageRow } from '@orgn/contracts';
import { makeUsage } from './make.ts';
import { toSettledMessages } from './settled-messages.ts';

const rowOf = (model: string): UsageRow => ({
  ...makeUsage({ model }),
  witness: 'router',
  recordedAt: new Date().toISOString(),
});

describe('announcing what was settled', () => {
  test('says every event id and every row exactly once, in messages below the limit', () => {
    const batch = fc.tuple(
      fc.array(fc.string({ maxLength: 200 })),
      fc.array(fc.string({ unit: 'binary', maxLength: 300 })),
    );
    fc.assert(
      fc.property(batch, ([ids, models]) => {
        const rows = models.map(rowOf);
        const messages = toSettledMessages(ids, rows, 4_000);
        expect(messages.flatMap((message) => message.eventIds)).toEqual(ids);
        expect(messages.flatMap((message) => message.rows)).toEqual(rows);
        for (const message of messages) expect(Buffer.byteLength(JSON.stringify(message))).toBeLessThanOrEqual(4_000);
      }),
    );
  });

  test('says nothing when nothing was settled', () => {
    expect(toSettledMessages([], [])).toEqual([]);
  });
});
