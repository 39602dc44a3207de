import { resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { isExactly } from '@orgn/contracts';
import fc from 'fast-check';
import { z } from 'zod';
import { schemasIn } from './schemas-in.ts';
import { valuesOf } from './values-of.ts';

const root = resolve(import.meta.dirname, '../../..');

async function allSchemas(): Promise<[path: string, schema: z.ZodType][]> {
  const libs = await Promise.all(
    ['contracts', 'dialects'].map(async (lib) => {
      const module = (await import(resolve(root, `libs/${lib}/src/index.ts`))) as object;
      return schemasIn(module, lib);
    }),
  );
  const found = new Map(libs.flat().map(([path, schema]) => [schema, path]));
  return [...found].map(([schema, path]) => [path, schema]);
}

/** What JSON can carry of a value: members that are undefined are not there. */
const sent = (value: unknown) => (JSON.parse(JSON.stringify([value])) as [unknown])[0];

const namesOf = (value: unknown) => (typeof value === 'object' && value !== null ? Object.keys(value).sort() : []);

describe('a look that takes the place of a schema', () => {
  test('agrees with it on whatever comes: what it passes the schema takes, and answers unchanged', async () => {
    const schemas = await allSchemas();
    let passed = 0;
    for (const [path, schema] of schemas) {
      const check = (value: unknown) => {
        if (!isExactly(schema, value)) return;
        passed += 1;
        const parsed = schema.safeParse(value);
        expect({ path, ...parsed }).toEqual({ path, success: true, data: value });
        expect(namesOf(parsed.data)).toEqual(namesOf(value));
      };
      fc.assert(fc.property(valuesOf(schema).map(sent), check), { numRuns: process.env.TEST_LONG ? 2_000 : 8 });
    }
    expect(schemas.length).toBeGreaterThan(100);
    // Were nothing passed, nothing would have been compared.
    expect(passed).toBeGreaterThan(schemas.length);
  });

  test.each<[string, z.ZodType, unknown]>([
    ['fills in', z.object({ a: z.number().default(1) }), {}],
    ['fills in within what is optional', z.object({ a: z.number().default(1).optional() }), {}],
    ['cuts', z.object({ a: z.number() }), { a: 1, b: 2 }],
    ['converts', z.string().transform(Number), '1'],
    ['reads numbers out of texts', z.coerce.number(), 1],
    ['trims', z.string().trim(), ' a'],
    ['checks by itself', z.string().refine((text) => text !== 'a'), 'a'],
    ['checks a whole object', z.object({ a: z.number() }).refine(({ a }) => a > 1), { a: 1 }],
    ['takes by a form that cuts, before one that would not', z.union([z.object({}), z.looseObject({})]), { a: 1 }],
    ['catches', z.number().catch(1), 'a'],
    ['freezes', z.object({}).readonly(), {}],
    ['takes one form only', z.xor([z.string(), z.literal('a')]), 'a'],
    ['would set a prototype', z.looseObject({}), JSON.parse('{"__proto__":{"a":1}}')],
    ['does not list it', z.strictObject({}), { a: 1 }],
  ])('leaves it to a schema that %s', (_what, schema, value) => {
    expect(isExactly(schema, value)).toBe(false);
  });

  test('knows schemas that hold themselves', () => {
    interface Tree {
      of: Tree[];
    }
    const tree: z.ZodType<Tree> = z.object({ of: z.lazy(() => z.array(tree)) });
    expect(isExactly(tree, { of: [{ of: [] }, { of: [{ of: [] }] }] })).toBe(true);
    expect(isExactly(tree, { of: [{ of: [{}] }] })).toBe(false);
  });
});
