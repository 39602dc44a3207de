import { describe, expect, test } from '@jest/globals';
import { randomFrom } from '../text/random.ts';
import { drawJson } from './json-from-schema.ts';

function draw(schema: Record<string, unknown>, seed = 1): unknown {
  return drawJson(schema, randomFrom(seed));
}

describe('drawJson', () => {
  test('gives required properties and leaves out the others', () => {
    const properties = { name: { type: 'string' }, age: { type: 'integer' }, note: { type: 'string' } };
    const value = draw({ type: 'object', properties, required: ['name', 'age'] });
    expect(value).toEqual({ name: expect.any(String), age: expect.any(Number) });
  });

  test('gives an empty object for a tool without parameters', () => {
    expect(draw({})).toEqual({});
  });

  test.each([
    [{ const: 5 }, 5],
    [{ enum: ['only'] }, 'only'],
    [{ type: 'null' }, null],
    [{ type: 'string', format: 'date' }, '2026-01-02'],
    [{ anyOf: [{ const: 1 }, { const: 2 }] }, 1],
    [{ type: 'array', items: { const: 'x' }, minItems: 3 }, ['x', 'x', 'x']],
    [{ type: 'array', items: { const: 'x' }, maxItems: 0 }, []],
    [{ $ref: '#/$defs/one', $defs: { one: { const: 1 } } }, 1],
  ])('satisfies %j', (schema, expected) => {
    expect(draw(schema)).toEqual(expected);
  });

  test('joins allOf', () => {
    const part = (name: string) => ({ type: 'object', properties: { [name]: { const: name } }, required: [name] });
    expect(draw({ allOf: [part('a'), part('b')] })).toEqual({ a: 'a', b: 'b' });
  });

  test.each([
    [{ type: 'integer', minimum: 3, maximum: 4 }, 3, 4],
    [{ type: 'integer', exclusiveMinimum: 2, exclusiveMaximum: 4 }, 3, 3],
    [{ type: 'integer', maximum: -5 }, -Infinity, -5],
    [{ type: 'integer', minimum: 5, maximum: 20, multipleOf: 7 }, 7, 14],
    [{ type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 }, 0.001, 0.999],
  ])('keeps numbers within %j', (schema, least, most) => {
    for (let seed = 0; seed < 20; seed += 1) {
      const value = draw(schema, seed) as number;
      expect(value).toBeGreaterThanOrEqual(least);
      expect(value).toBeLessThanOrEqual(most);
      if (schema.type === 'integer') expect(Number.isInteger(value)).toBe(true);
    }
  });

  test('keeps texts within their lengths', () => {
    expect((draw({ type: 'string', minLength: 50 }) as string).length).toBeGreaterThanOrEqual(50);
    expect((draw({ type: 'string', maxLength: 3 }) as string).length).toBeLessThanOrEqual(3);
  });

  test('ends in a schema that holds itself', () => {
    const node = {
      type: 'object',
      properties: { next: { anyOf: [{ $ref: '#' }, { type: 'null' }] }, list: { type: 'array', items: { $ref: '#' } } },
      required: ['next', 'list'],
    };
    expect(JSON.stringify(draw(node))).toContain('"next":null');
  });
});
