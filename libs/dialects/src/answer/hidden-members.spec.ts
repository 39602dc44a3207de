import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { splice } from '../json/splice.ts';
import { hiddenRemovals } from './hidden-members.ts';

const without = (text: string) => String(splice(Buffer.from(text), hiddenRemovals(Buffer.from(text))));

describe('hiddenRemovals', () => {
  test.each([
    ['{"provider_metadata":{"a":1}}', '{}'],
    ['{"provider_metadata":{"a":1},"x":1}', '{"x":1}'],
    ['{"x":1, "provider_metadata":{"a":1} , "generationId":"gen_1"}', '{"x":1}'],
    [
      '{"choices":[{"message":{"content":"a","provider_metadata":{"b":[1]}}}]}',
      '{"choices":[{"message":{"content":"a"}}]}',
    ],
    ['{"choices":[ {"delta":{"provider_metadata":{}}} , 7 ]}', '{"choices":[ {"delta":{}} , 7 ]}'],
    ['{"usage":{"prompt_tokens":1,"market_cost":0.1,"cost":0.1}}', '{"usage":{"prompt_tokens":1,"cost":0.1}}'],
    ['{"content":"say \\"market_cost\\" aloud"}', '{"content":"say \\"market_cost\\" aloud"}'],
  ])('makes %s into %s', (text, shown) => {
    expect(without(text)).toBe(shown);
  });

  test('finds them in long answers as in short ones', () => {
    const long = 'x'.repeat(10_000);
    expect(without(`{"content":"${long}","market_cost":1}`)).toBe(`{"content":"${long}"}`);
    expect(without(`{"content":"${long}"}`)).toBe(`{"content":"${long}"}`);
  });

  test('removes these members wherever they stand, and changes nothing else', () => {
    const name = fc.constantFrom('a', 'b', 'market_cost', 'provider_metadata', 'generationId');
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(1, 'x', null, '"market_cost"'),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(name, tie('value'), { noNullPrototype: true }),
      ),
    }));
    const object = fc.dictionary(name, value, { noNullPrototype: true });
    const shown = (node: unknown): unknown => {
      if (Array.isArray(node)) return node.map(shown);
      if (typeof node !== 'object' || node === null) return node;
      const kept = Object.entries(node).filter(([key]) => key === 'a' || key === 'b');
      return Object.fromEntries(kept.map(([key, inner]) => [key, shown(inner)]));
    };
    fc.assert(
      fc.property(object, fc.constantFrom(undefined, 2), (given, indent) => {
        expect(JSON.parse(without(JSON.stringify(given, null, indent)))).toEqual(shown(given));
      }),
    );
  });
});
