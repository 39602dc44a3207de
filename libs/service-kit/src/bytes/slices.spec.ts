import type { Readable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toSendable } from './slices.ts';

const SLICE_BYTES = 256 * 1024;

async function slicesOf(sendable: Buffer | Readable): Promise<Buffer[]> {
  if (Buffer.isBuffer(sendable)) return [sendable];
  return (await sendable.toArray()) as Buffer[];
}

describe('bytes that are sent', () => {
  const lengths = fc.array(fc.oneof(fc.nat(50), fc.nat(3 * SLICE_BYTES)), { maxLength: 8 });

  test('are those of their pieces, in slices of a bounded size', async () => {
    await fc.assert(
      fc.asyncProperty(lengths, async (sizes) => {
        const pieces = sizes.map((length, at) => Buffer.alloc(length, `${at} of them`));
        const slices = await slicesOf(toSendable(pieces));
        expect(Buffer.concat(slices).equals(Buffer.concat(pieces))).toBe(true);
        for (const { length } of slices) expect(length).toBeLessThan(2 * SLICE_BYTES);
      }),
      { numRuns: 30 },
    );
  });

  test('are few slices, however small the pieces are', async () => {
    const crumbs = Array<Buffer>(SLICE_BYTES + 1).fill(Buffer.from('x'));
    expect(await slicesOf(toSendable(crumbs))).toHaveLength(2);
  });

  test('let the event loop turn after each slice', async () => {
    let turns = 0;
    let isOver = false;
    const turn = () => {
      turns += 1;
      if (!isOver) setImmediate(turn);
    };
    turn();
    const slices = await slicesOf(toSendable([Buffer.alloc(40 * SLICE_BYTES)]));
    isOver = true;
    expect(slices).toHaveLength(40);
    expect(turns).toBeGreaterThanOrEqual(40);
  });

  test('are one piece of memory when they are few', () => {
    const only = Buffer.from('a small answer');
    expect(toSendable([only])).toBe(only);
    expect(toSendable([Buffer.from('a'), Buffer.from('b')])).toEqual(Buffer.from('ab'));
  });
});
