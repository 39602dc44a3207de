import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ByteBlocks } from './byte-blocks.ts';

const gather = (pieces: readonly Buffer[]) => {
  const blocks = new ByteBlocks();
  for (const piece of pieces) blocks.add(piece);
  return blocks;
};

describe('bytes that are gathered', () => {
  const sizes = fc.array(fc.oneof(fc.nat(50), fc.nat(100_000), fc.nat(600_000)), { maxLength: 12 });

  test('are the bytes that came, however they came', () => {
    fc.assert(
      fc.property(sizes, (lengths) => {
        const pieces = lengths.map((length, at) => Buffer.alloc(length, `${at} of them`));
        const blocks = gather(pieces);
        expect(blocks).toHaveLength(Buffer.concat(pieces).length);
        expect(Buffer.concat(blocks.take()).equals(Buffer.concat(pieces))).toBe(true);
        expect([blocks.length, ...blocks.take()]).toEqual([0]);
      }),
      { numRuns: 50 },
    );
  });

  test('are few blocks, each in memory of its own, also when they come in crumbs', () => {
    const taken = gather(Array<Buffer>(1_000_000).fill(Buffer.from('x'))).take();
    expect(taken.length).toBeLessThan(16);
    for (const { buffer, byteLength } of taken.slice(0, -1)) expect(buffer.byteLength).toBe(byteLength);
    expect(taken.reduce((sum, { buffer }) => sum + buffer.byteLength, 0)).toBeLessThan(1_300_000);
  });

  test('are no copy when they came at once, and few', () => {
    const only = Buffer.from('a small request');
    expect(gather([only]).take()[0]).toBe(only);
  });

  test('are forgotten when they are dropped', () => {
    const blocks = gather([Buffer.alloc(100_000, 'a'), Buffer.from('b')]);
    blocks.drop();
    blocks.add(Buffer.from('c'));
    expect(Buffer.concat(blocks.take()).toString()).toBe('c');
  });
});
