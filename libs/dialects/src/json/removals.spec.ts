import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { elementsOf } from './json-elements.ts';
import { membersOf } from './json-members.ts';
import { removals } from './removals.ts';
import { splice } from './splice.ts';

const marks = fc.array(fc.boolean(), { maxLength: 8 });
const spaces = fc.constantFrom('', ' ', '\n  ');

test('whatever is cut out of an object, it stays one, and holds all the rest as it was', () => {
  fc.assert(
    fc.property(marks, spaces, (areCut, space) => {
      const json = Buffer.from(`{${areCut.map((_, at) => `${space}"m${at}":${space}[${at}]${space}`).join(',')}}`);
      const left = splice(
        json,
        removals(membersOf(json, 0), (_, at) => areCut[at]!),
      ).toString();
      const expected = areCut.flatMap((isCut, at) => (isCut ? [] : [[`m${at}`, [at]]]));
      expect(Object.entries(JSON.parse(left) as object)).toEqual(expected);
    }),
  );
});

test('whatever is cut out of an array, it stays one, and holds all the rest in its order', () => {
  fc.assert(
    fc.property(marks, spaces, (areCut, space) => {
      const json = Buffer.from(`[${areCut.map((_, at) => `${space}${at}${space}`).join(',')}]`);
      const left = splice(
        json,
        removals(elementsOf(json, 0), (_, at) => areCut[at]!),
      ).toString();
      expect(JSON.parse(left)).toEqual([...areCut.keys()].filter((at) => !areCut[at]));
    }),
  );
});
