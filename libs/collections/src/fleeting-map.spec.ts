import v8 from 'node:v8';
import vm from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FleetingMap } from './fleeting-map.ts';

v8.setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc') as (options?: { type: 'minor' }) => void;

const key = fc.integer({ min: 0, max: 12 });
const change = fc.oneof(
  fc.tuple(fc.constant('set' as const), key, fc.integer()),
  fc.tuple(fc.constant('delete' as const), key),
  fc.tuple(fc.constant('clear' as const)),
);

function oldBytes(): number {
  return v8.getHeapSpaceStatistics().find(({ space_name: name }) => name === 'old_space')!.space_used_size;
}

/** How much becomes old of 40 MB that come and go, 32 at a time, in megabytes. */
function megabytesGrownOld(members: FleetingMap<number, unknown>): number {
  const goOn = (from: number, to: number) => {
    for (let at = from; at < to; at += 1) {
      members.set(
        at,
        Array.from({ length: 20 }, (_, place) => [at, place, at + place, String(place)]),
      );
      members.delete(at - 32);
    }
  };
  goOn(0, 1_000);
  collect();
  const before = oldBytes();
  goOn(1_000, 21_000);
  collect({ type: 'minor' });
  return (oldBytes() - before) / 2 ** 20;
}

describe('a fleeting map', () => {
  test('holds, and lists in order, what a Map does after any changes', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 100 }), (changes) => {
        const fleeting = new FleetingMap<number, number>();
        const model = new Map<number, number>();
        for (const [name, at, value] of changes) {
          if (name === 'set') {
            fleeting.set(at, value);
            model.set(at, value);
          } else if (name === 'delete') expect(fleeting.delete(at)).toBe(model.delete(at));
          else {
            fleeting.clear();
            model.clear();
          }
          expect([...fleeting]).toEqual([...model]);
        }
        expect([...fleeting.keys()]).toEqual([...model.keys()]);
        expect([...fleeting.values()]).toEqual([...model.values()]);
        expect(fleeting.size).toBe(model.size);
        for (let at = 0; at <= 12; at += 1) {
          expect(fleeting.get(at)).toBe(model.get(at));
          expect(fleeting.has(at)).toBe(model.has(at));
        }
      }),
    );
  });

  test('lists what is added while it is walked, and not what is deleted', () => {
    const fleeting = new FleetingMap<number, string>().set(1, 'one').set(2, 'two').set(3, 'three');
    const walked: string[] = [];
    for (const value of fleeting.values()) {
      walked.push(value);
      fleeting.delete(2);
      if (value !== 'one') continue;
      fleeting.delete(1);
      fleeting.set(1, 'again');
    }
    expect(walked).toEqual(['one', 'three', 'again']);
  });

  test('lets go of what has left at the next small collection, also after a full one', () => {
    expect(megabytesGrownOld(new FleetingMap())).toBeLessThan(8);
  });
});
