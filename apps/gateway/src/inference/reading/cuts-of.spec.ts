import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { cutsOf } from './cuts-of.ts';

const without = (body: Buffer, cuts: readonly { at: number; length: number }[]) =>
  cuts.toReversed().reduce((bytes, { at, length }) => {
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
  }, body);

describe('what is not passed on of a body', () => {
  test.each([
    ['{"a":1,"user":"x","b":2}', '{"a":1,"b":2}'],
    ['{"a":1,"b":2,"user":"x"}', '{"a":1,"b":2}'],
    ['{"user":"x","a":1,"n":null,"b":2}', '{"a":1,"b":2}'],
    ['{}', '{}'],
  ])('of %s leads to %s', (body, passed) => {
    const cuts = cutsOf(Buffer.from(body), Buffer.from(passed));
    expect(without(Buffer.from(body), cuts ?? []).toString()).toBe(passed);
  });

  test('is either true or not said', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 300 }), (one, other) => {
        const cuts = cutsOf(Buffer.from(one), Buffer.from(other));
        if (cuts) expect(without(Buffer.from(one), cuts)).toEqual(Buffer.from(other));
      }),
    );
  });
});
