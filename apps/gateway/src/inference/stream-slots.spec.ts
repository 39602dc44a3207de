import { describe, expect, test } from '@jest/globals';
import type { KeyId } from '@orgn/contracts';
import fc from 'fast-check';
import type { GatewayConfig } from '../config.ts';
import { StreamSlots } from './stream-slots.ts';

const LIMIT = 3;
const keys = ['key_a', 'key_b'] as KeyId[];

describe('StreamSlots', () => {
  test('gives each key as many slots as it may have, whatever the order in which they are taken and freed', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ key: fc.nat(1), isTaking: fc.boolean() })), (steps) => {
        const slots = new StreamSlots({ MAX_STREAMS_PER_KEY: LIMIT } as GatewayConfig);
        const taken: (() => void)[][] = [[], []];
        for (const { key, isTaking } of steps) {
          const mine = taken[key]!;
          if (!isTaking) mine.shift()?.();
          else if (mine.length < LIMIT) mine.push(slots.take(keys[key]!));
          else expect(() => slots.take(keys[key]!)).toThrow('refused');
        }
      }),
    );
  });
});
