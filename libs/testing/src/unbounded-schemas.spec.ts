import { describe, expect, test } from '@jest/globals';
import { boundedRecord } from '@orgn/contracts';
import { z } from 'zod';
import { unboundedIn } from './unbounded-schemas.ts';

const text = z.string();
const name = z.string().max(10);
interface Tree {
  children: Tree[];
}
const tree: z.ZodType<Tree> = z.lazy(() => z.object({ children: z.array(tree) }));

describe('unboundedIn', () => {
  test.each<[string, z.ZodType, string[]]>([
    ['a string', text, ['. (string)']],
    ['a string of a format without end', z.iso.datetime(), ['. (string)']],
    ['a string of an address', z.email(), ['. (string)']],
    ['a pattern that is open at an end', z.string().regex(/^[a-z]{1,4}/), ['. (string)']],
    ['a pattern of which one alternative is open', z.string().regex(/^a|b$/), ['. (string)']],
    ['a pattern that repeats without end', z.string().regex(/^a{1,}$/), ['. (string)']],
    ['a member', z.object({ a: z.strictObject({ b: text }) }), ['.a.b (string)']],
    ['a list and its elements', z.array(text), ['. (array)', '[] (string)']],
    ['elements of a list that is bounded', z.array(z.object({ a: text })).max(3), ['[].a (string)']],
    [
      'what is optional, nullable, defaulted, caught and read-only',
      z.object({ a: text.nullish().default('x').catch('y').readonly() }),
      ['.a (string)'],
    ],
    ['a form of several', z.union([z.number(), z.array(name)]), ['. (array)']],
    [
      'a form that is told apart',
      z.discriminatedUnion('t', [z.object({ t: z.literal('a'), a: text })]),
      ['.a (string)'],
    ],
    [
      'both sides of an intersection',
      z.intersection(z.object({ a: text }), z.object({ b: z.string() })),
      ['.a (string)', '.b (string)'],
    ],
    ['both ends of a pipe', text.transform(Number).pipe(z.number()), ['. (string)']],
    ['what is made of text', name.transform((all) => all.split(',')).pipe(z.array(name)), ['. (array)']],
    ['a record without a maximum', z.record(name, z.number()), ['. (record)']],
    ['names and values of a record', boundedRecord(text, z.array(z.number()), 3), ['{name} (string)', '{} (array)']],
    ['the rest of a tuple, and the tuple', z.tuple([text], z.array(z.number())), ['. (string)', '[...] (array)']],
    ['what further members may be', z.object({}).catchall(text), ['{...} (string)']],
    ['something that refers to itself', tree, ['.children (array)']],
    ['a set and a map', z.object({ a: z.set(z.number()), b: z.map(name, z.number()) }), ['.a (set)', '.b (map)']],
  ])('finds %s', (_, schema, found) => expect(unboundedIn(schema).toSorted()).toEqual(found.toSorted()));

  test('finds nothing where everything has a maximum', () => {
    const bounded = z.strictObject({
      a: name.nullish(),
      b: z.array(z.union([name, boundedRecord(name, z.unknown(), 9)])).max(7),
      c: z.uuid(),
      d: z.string().regex(/^(sk|pk)_[a-z]{1,8}$/),
      e: z.string().length(4),
      f: z.enum(['x']),
    });
    expect(unboundedIn(bounded)).toEqual([]);
  });
});

describe('boundedRecord', () => {
  const record = boundedRecord(name, z.number(), 2);

  test('takes as many members as it may have, and no more, whatever they are', () => {
    expect(record.parse({ a: 1, b: 2 })).toEqual({ a: 1, b: 2 });
    const { error } = record.nullish().safeParse({ a: 'x', b: 'y', c: 'z' });
    expect(error?.issues).toMatchObject([{ code: 'too_big', origin: 'record', maximum: 2 }]);
    expect(record.safeParse(['a', 'b', 'c']).success).toBe(false);
    expect(record.safeParse('text').success).toBe(false);
  });
});
