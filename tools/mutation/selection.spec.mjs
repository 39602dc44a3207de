import { describe, expect, it } from '@jest/globals';
import { select } from './selection.mjs';

const mutants = [
  ...Array.from({ length: 100 }, (_, index) => ({ id: `large${index}`, promise: 'large' })),
  ...Array.from({ length: 5 }, (_, index) => ({ id: `small${index}`, promise: 'small' })),
];
const ids = (options) => select(mutants, options).map(({ id }) => id);

describe('the set of mutants', () => {
  it('is the same for the same seed, whatever order they are found in', () => {
    expect(ids({ count: 20, seed: 1 })).toEqual(ids({ count: 20, seed: 1 }));
    const turned = select(mutants.toReversed(), { count: 20, seed: 1 }).map(({ id }) => id);
    expect(turned.toSorted()).toEqual(ids({ count: 20, seed: 1 }).toSorted());
    expect(ids({ count: 20, seed: 2 })).not.toEqual(ids({ count: 20, seed: 1 }));
  });

  it('takes from each promise in turn, and no mutant twice', () => {
    const picked = ids({ count: 20, seed: 1 });
    expect(new Set(picked).size).toBe(20);
    expect(picked.filter((id) => id.startsWith('small'))).toHaveLength(5);
  });

  it('is all of them when more are asked for than there are', () => {
    expect(ids({ count: 1_000, seed: 1 })).toHaveLength(mutants.length);
  });
});
