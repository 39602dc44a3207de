import { describe, expect, test } from '@jest/globals';
import type { KeyId } from '@orgn/contracts';
import fc from 'fast-check';
import { KeyTally } from './key-tally.ts';

const LIMIT = 3;
const keys = ['key_a', 'key_b'] as KeyId[];
const step = fc.record({ key: fc.nat(1), isTaking: fc.boolean() });

describe('a tally by key', () => {
  test('gives each key as many places as it may have, whatever the order in which they are taken and freed', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 100, maxLength: 200 }), (steps) => {
        const tally = new KeyTally(LIMIT, () => 'Too many.');
        const taken: (() => void)[][] = [[], []];
        for (const { key, isTaking } of steps) {
          const mine = taken[key]!;
          const free = isTaking ? undefined : mine.shift();
          // A place that is given back twice is one place.
          free?.();
          free?.();
          if (isTaking && mine.length < LIMIT) mine.push(tally.take(keys[key]!));
          else if (isTaking) expect(() => tally.take(keys[key]!)).toThrow('refused');
        }
      }),
    );
  });
});
