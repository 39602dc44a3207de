import type { z } from 'zod';

/** As much of Zod's definitions as says what a schema is made of. */
interface Definition {
  type: string;
  shape?: Readonly<Record<string, z.ZodType>>;
  catchall?: z.ZodType;
  element?: z.ZodType;
  options?: readonly z.ZodType[];
  items?: readonly z.ZodType[];
  rest?: z.ZodType | null;
  keyType?: z.ZodType;
  valueType?: z.ZodType;
  maxMembers?: number;
  pattern?: RegExp;
  checks?: readonly { _zod: { def: Check } }[];
  innerType?: z.ZodType;
  in?: z.ZodType;
  out?: z.ZodType;
  left?: z.ZodType;
  right?: z.ZodType;
  parts?: readonly unknown[];
  getter?: () => z.ZodType;
}

/** What a check says: of a size, or of a pattern that a text has. */
interface Check {
  check?: string;
  maximum?: number;
  pattern?: RegExp;
}

/**
 * The paths of all arrays, records, sets, maps and strings within a schema that have no maximum, as `messages[].name`.
 * @param schema whatever it is made of: unions, options, lazy ones, pipes, records' names and values, tuples' rests, catch-alls
 */
export function unboundedIn(schema: z.ZodType): string[] {
  const walk = new Walk();
  walk.visit(schema, '');
  return walk.unbounded;
}

class Walk {
  readonly unbounded: string[] = [];
  readonly #seen = new Set<z.ZodType>();

  visit(schema: z.ZodType, path: string): void {
    if (this.#seen.has(schema)) return;
    this.#seen.add(schema);
    const definition = schema._zod.def as unknown as Definition;
    if (isUnbounded(definition)) this.unbounded.push(`${path || '.'} (${definition.type})`);
    for (const [step, inner] of partsOf(definition)) this.visit(inner, path + step);
  }
}

function isUnbounded(definition: Definition): boolean {
  switch (definition.type) {
    case 'array':
    case 'set':
    case 'map':
      return !hasMaximum(definition);
    case 'string':
    case 'template_literal':
      return !hasMaximum(definition) && !hasPattern(definition);
    case 'record':
      return definition.maxMembers === undefined;
    default:
      return false;
  }
}

const checksOf = ({ checks }: Definition) => (checks ?? []).map(({ _zod }) => _zod.def);
const sizes = new Set(['max_length', 'length_equals', 'max_size', 'size_equals']);
const hasMaximum = (definition: Definition) => checksOf(definition).some(({ check = '' }) => sizes.has(check));
const hasPattern = (definition: Definition) =>
  [definition, ...checksOf(definition)].some(({ pattern }) => pattern && matchesBoundedTexts(pattern));

/** Whether a pattern is of the whole text, and repeats nothing without end. */
function matchesBoundedTexts({ source }: RegExp): boolean {
  if (!source.startsWith('^') || !source.endsWith('$')) return false;
  const bare = source.replace(/\\[^]/g, 'x').replace(/\[[^\]]*\]/g, 'x');
  return !/[*+]|\{\d*,\}/.test(bare) && !hasOpenAlternative(bare);
}

/** `^a|b$` is bound at one end only. */
function hasOpenAlternative(source: string): boolean {
  let depth = 0;
  for (const character of source) {
    if (character === '(') depth += 1;
    else if (character === ')') depth -= 1;
    else if (character === '|' && depth === 0) return true;
  }
  return false;
}

type Part = readonly [step: string, schema: z.ZodType];

function partsOf(definition: Definition): Part[] {
  const { shape = {}, options = [], items = [], parts = [], getter } = definition;
  const named = Object.entries(shape).map(([name, member]): Part => [`.${name}`, member]);
  const listed = [...options, ...items, ...parts.filter(isSchema)].map((each): Part => ['', each]);
  const { catchall, element, rest, keyType, valueType, innerType, left, right } = definition;
  const single: (readonly [string, z.ZodType | null | undefined])[] = [
    ['[]', element],
    ['[...]', rest],
    ['{name}', keyType],
    ['{}', valueType],
    ['{...}', catchall],
    ['', innerType],
    ['', definition.in],
    ['', definition.out],
    ['', left],
    ['', right],
    ['', getter?.()],
  ];
  return [...named, ...listed, ...single.filter((part): part is Part => isSchema(part[1]))];
}

export function isSchema(value: unknown): value is z.ZodType {
  return typeof value === 'object' && value !== null && '_zod' in value && 'safeParse' in value;
}
