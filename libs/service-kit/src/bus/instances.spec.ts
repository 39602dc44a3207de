import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Instances } from './instances.ts';

const said = (instance: string, isLeaving = false) => ({ instance, isLeaving });
const names = ['a', 'b', 'c'];

describe('instances', () => {
  test('one that was late twice in a row is left out for 5 s, and again at once when it is late then', () => {
    let now = 0;
    const instances = new Instances(() => now);
    for (const name of ['a', 'b']) instances.hear(said(name));
    const chosen = () => new Set(Array.from({ length: 4 }, () => instances.choose()));
    instances.wasLate('a');
    expect(chosen()).toEqual(new Set(['a', 'b']));
    instances.wasLate('a');
    expect(chosen()).toEqual(new Set(['b']));
    now = 5_001;
    expect(chosen()).toEqual(new Set(['a', 'b']));
    instances.wasLate('a');
    expect(chosen()).toEqual(new Set(['b']));
    now = 5_002;
    instances.wasInTime('a');
    expect(chosen()).toEqual(new Set(['a', 'b']));
  });

  test('whatever happened, only announced ones that have not left are chosen, never the one that is late already, and most are late only when more than half are', () => {
    const step = fc.oneof(
      fc.record({ do: fc.constantFrom('hear', 'leave', 'late', 'inTime', 'gone'), name: fc.constantFrom(...names) }),
      fc.record({ do: fc.constant('wait'), ms: fc.integer({ min: 1, max: 8_000 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let now = 0;
        const instances = new Instances(() => now);
        const heardAt = new Map<string, number>();
        const late = new Map<string, number>();
        for (const one of steps) {
          if ('ms' in one) now += one.ms;
          else act(instances, one, { heardAt, late, now });
          for (const [name, at] of heardAt) if (now - at > 6_500) [heardAt, late].forEach((map) => map.delete(name));
          const chosen = instances.choose('a');
          expect(chosen === undefined || (chosen !== 'a' && heardAt.has(chosen))).toBe(true);
          const lateOnes = [...late.values()].filter((count) => count > 0).length;
          expect(instances.areMostLate).toBe(lateOnes > heardAt.size / 2);
        }
      }),
      { numRuns: 300 },
    );
  });
});

interface Model {
  heardAt: Map<string, number>;
  late: Map<string, number>;
  now: number;
}

function act(instances: Instances, one: { do: string; name: string }, { heardAt, late, now }: Model): void {
  const { name } = one;
  if (one.do === 'hear') {
    instances.hear(said(name));
    heardAt.set(name, now);
  } else if (one.do === 'late' || one.do === 'inTime') {
    judge(instances, one, { heardAt, late });
  } else {
    if (one.do === 'leave') instances.hear(said(name, true));
    else instances.isGone(name);
    heardAt.delete(name);
    late.delete(name);
  }
}

function judge(instances: Instances, one: { do: string; name: string }, { heardAt, late }: Omit<Model, 'now'>): void {
  const { name } = one;
  const isLate = one.do === 'late';
  if (isLate) instances.wasLate(name);
  else instances.wasInTime(name);
  if (heardAt.has(name)) late.set(name, isLate ? (late.get(name) ?? 0) + 1 : 0);
}
