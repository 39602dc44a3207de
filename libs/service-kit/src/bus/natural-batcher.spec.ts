import { describe, expect, test } from '@jest/globals';
import { ServiceError } from '@orgn/contracts';
import fc from 'fast-check';
import { NaturalBatcher, type Outcome } from './natural-batcher.ts';

/** A batcher whose messages return when the test says so. */
function harness(maxBatch = 4, maxWaitMs = 1_000) {
  const sent: { items: number[]; finish: (outcomes?: Outcome<number>[]) => void; fail: (error: Error) => void }[] = [];
  const batcher = new NaturalBatcher<number, number>({
    maxBatch,
    maxWaitMs,
    send: (items) =>
      new Promise((resolve, reject) => {
        sent.push({
          items,
          finish: (outcomes) => resolve(outcomes ?? items.map((item) => ({ ok: item * 10 }))),
          fail: reject,
        });
      }),
  });
  return { batcher, sent };
}

/** Some turns of the event loop: whatever was to be sent has been. */
const turn = async () => {
  for (let each = 0; each < 4; each += 1) await new Promise((resolve) => setImmediate(resolve));
};

describe('NaturalBatcher', () => {
  test('sends at once when nothing is in flight, and what collected meanwhile as one message', async () => {
    const { batcher, sent } = harness();
    const first = batcher.add(1);
    await turn();
    const rest = [batcher.add(2), batcher.add(3)];
    await turn();
    expect(sent.map(({ items }) => items)).toEqual([[1]]);
    sent[0]!.finish();
    expect(await first).toBe(10);
    await turn();
    expect(sent.map(({ items }) => items)).toEqual([[1], [2, 3]]);
    sent[1]!.finish();
    expect(await Promise.all(rest)).toEqual([20, 30]);
  });

  test('gives each item its own outcome', async () => {
    const { batcher, sent } = harness();
    const [good, bad] = [batcher.add(1), batcher.add(2)];
    await turn();
    sent[0]!.finish([{ ok: 5 }, { error: new ServiceError('key_revoked', 'dead') }]);
    expect(await good).toBe(5);
    await expect(bad).rejects.toMatchObject({ code: 'key_revoked' });
  });

  test('leaves so much time between two messages that more shares the second, and none before the first', async () => {
    const sent: { items: number[]; at: number }[] = [];
    const batcher = new NaturalBatcher<number, number>({
      ...{ maxBatch: 4, maxWaitMs: 10_000, gatherMs: 50 },
      send: (items) => {
        sent.push({ items, at: performance.now() });
        return Promise.resolve(items.map((item) => ({ ok: item })));
      },
    });
    const first = batcher.add(1);
    await turn();
    expect(sent).toHaveLength(1);
    await first;
    const rest: Promise<number>[] = [];
    for (let item = 2; item <= 4; item += 1) {
      rest.push(batcher.add(item));
      await turn();
    }
    expect(await Promise.all(rest)).toEqual([2, 3, 4]);
    expect(sent.flatMap(({ items }) => items)).toEqual([1, 2, 3, 4]);
    for (const [at, { at: sentAt }] of sent.entries())
      if (at > 0) expect(sentAt - sent[at - 1]!.at).toBeGreaterThanOrEqual(48);
  });

  test('fails every item of a message that failed, and goes on with the next', async () => {
    const { batcher, sent } = harness();
    const doomed = batcher.add(1);
    await turn();
    const next = batcher.add(2);
    sent[0]!.fail(new ServiceError('service_unavailable', 'gone'));
    await expect(doomed).rejects.toMatchObject({ code: 'service_unavailable' });
    await turn();
    sent[1]!.finish();
    expect(await next).toBe(20);
  });

  test('refuses an item that waited longer than it may, instead of sending it late', async () => {
    const { batcher, sent } = harness(4, 5);
    void batcher.add(1);
    await turn();
    const late = batcher.add(2);
    await new Promise((resolve) => setTimeout(resolve, 15));
    sent[0]!.finish();
    await expect(late).rejects.toMatchObject({ code: 'service_unavailable' });
    expect(sent).toHaveLength(1);
  });

  test('never loses, repeats or mixes up an item, whatever the sizes and timings', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat({ max: 3 }), { maxLength: 60 }),
        fc.integer({ min: 1, max: 7 }),
        async (pauses, maxBatch) => {
          const seen: number[] = [];
          const batcher = new NaturalBatcher<number, number>({
            maxBatch,
            maxWaitMs: 10_000,
            send: async (items) => {
              seen.push(...items);
              await turn();
              expect(items.length).toBeLessThanOrEqual(maxBatch);
              return items.map((item) => ({ ok: item * 10 }));
            },
          });
          const answers: Promise<number>[] = [];
          for (const [item, pause] of pauses.entries()) {
            answers.push(batcher.add(item));
            for (let count = 0; count < pause; count += 1) await turn();
          }
          expect(await Promise.all(answers)).toEqual(pauses.map((_, item) => item * 10));
          expect(seen).toEqual(pauses.map((_, item) => item));
        },
      ),
      { numRuns: 50 },
    );
  });
});
