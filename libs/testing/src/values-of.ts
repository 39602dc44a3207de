import fc from 'fast-check';
import type { z } from 'zod';

interface Definition {
  type: string;
  shape?: Readonly<Record<string, z.ZodType>>;
  catchall?: z.ZodType;
  element?: z.ZodType;
  options?: readonly z.ZodType[];
  innerType?: z.ZodType;
  valueType?: z.ZodType;
  values?: readonly unknown[];
  entries?: Readonly<Record<string, unknown>>;
  pattern?: RegExp;
  checks?: readonly { _zod: { def: { pattern?: RegExp; minimum?: number; maximum?: number; value?: number } } }[];
}

const MOST_ITEMS = 3;
/** Deeper than this, what may hold itself is anything. */
const MOST_DEPTH = 5;
const anything = fc.jsonValue({ maxDepth: 2 });

/** Values that a schema takes, mostly, or nearly takes: good enough to try what decides by it on both sides of its edges. */
export function valuesOf(schema: z.ZodType, depth = 0): fc.Arbitrary<unknown> {
  if (depth > MOST_DEPTH) return anything;
  const definition = schema._zod.def as unknown as Definition;
  const good = (makers[definition.type] ?? (() => anything))(definition, depth + 1);
  return fc.oneof({ weight: 30, arbitrary: good }, { weight: 1, arbitrary: anything });
}

type Maker = (definition: Definition, depth: number) => fc.Arbitrary<unknown>;

const makers: Readonly<Record<string, Maker>> = {
  string: textOf,
  number: numberOf,
  boolean: () => fc.boolean(),
  null: () => fc.constant(null),
  literal: ({ values = [] }) => fc.constantFrom(...values),
  enum: ({ entries = {} }) => fc.constantFrom(...Object.values(entries)),
  nullable: ({ innerType }, depth) => fc.option(within(innerType, depth)),
  optional: ({ innerType }, depth) => within(innerType, depth),
  default: ({ innerType }, depth) => within(innerType, depth),
  union: ({ options = [] }, depth) => fc.oneof(...options.map((option) => valuesOf(option, depth))),
  array: ({ element }, depth) => fc.array(within(element, depth), { maxLength: MOST_ITEMS }),
  record: ({ valueType }, depth) =>
    fc.dictionary(fc.string({ maxLength: 5 }), within(valueType, depth), { maxKeys: 2 }),
  object: objectOf,
};

function within(schema: z.ZodType | undefined, depth: number): fc.Arbitrary<unknown> {
  return schema ? valuesOf(schema, depth) : anything;
}

function textOf({ pattern, checks = [] }: Definition): fc.Arbitrary<unknown> {
  const form = pattern ?? checks.find(({ _zod }) => _zod.def.pattern)?._zod.def.pattern;
  const texts = fc.string({ maxLength: 8 });
  // Classes of characters by their properties are more than the generator knows.
  return form && !form.source.includes('\\p') ? fc.oneof(fc.stringMatching(form), texts) : texts;
}

function numberOf({ checks = [] }: Definition): fc.Arbitrary<unknown> {
  const edges = checks.flatMap(({ _zod }) => (_zod.def.value === undefined ? [] : [_zod.def.value]));
  const near = edges.flatMap((edge) => [edge, edge - 1, edge + 1]);
  return fc.oneof(fc.nat(100), fc.constantFrom(...near, 0, 1, 2 ** 53), fc.double({ noNaN: true }));
}

function objectOf({ shape = {}, catchall }: Definition, depth: number): fc.Arbitrary<unknown> {
  const names = Object.entries(shape);
  const needed = names.filter(([, inner]) => inner._zod.optin === undefined).map(([name]) => name);
  const members = Object.fromEntries(names.map(([name, inner]) => [name, valuesOf(inner, depth)]));
  const whole = fc.record(members, { requiredKeys: needed });
  const other = fc.oneof(
    { weight: catchall ? 3 : 12, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: fc.dictionary(fc.string({ maxLength: 3 }), anything, { minKeys: 1, maxKeys: 1 }) },
    { weight: 1, arbitrary: fc.constant(JSON.parse('{"__proto__":1}') as object) },
  );
  return fc
    .tuple(whole, other)
    .map(([known, more]) => Object.defineProperties({ ...known }, Object.getOwnPropertyDescriptors(more)));
}
