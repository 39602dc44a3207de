import { isObject } from '../http/read-body.ts';
import { pick } from '../text/random.ts';
import type { Random } from '../text/random.ts';
import { makeWords } from '../text/words.ts';

type Schema = Record<string, unknown>;
type Draw = (schema: Schema, path: Path) => unknown;

interface Path {
  readonly root: Schema;
  readonly random: Random;
  readonly depth: number;
}

// Below this depth the shortest way out is taken, so that recursive schemas end.
const deepest = 6;

/**
 * A JSON value that satisfies a schema: types, enum, const, required properties, items, bounds of numbers, lengths
 * and lists, the common string formats, local $ref, anyOf, oneOf and allOf. `pattern`, `not` and conditionals are ignored.
 */
export function drawJson(schema: Schema, random: Random): unknown {
  return draw(schema, { root: schema, random, depth: 0 });
}

function draw(given: Schema, path: Path): unknown {
  const schema = resolve(given, path);
  if ('const' in schema) return schema.const;
  if (Array.isArray(schema.enum)) return schema.enum[pick(path.random, schema.enum.length)];
  return (drawByType[typeOf(schema, path)] ?? drawNull)(schema, { ...path, depth: path.depth + 1 });
}

const drawNull: Draw = () => null;

const drawByType: Readonly<Record<string, Draw>> = {
  object: drawObject,
  array: drawArray,
  string: drawString,
  integer: drawNumber,
  number: drawNumber,
  boolean: (_, path) => path.random() < 0.5,
  null: drawNull,
};

function resolve(schema: Schema, path: Path): Schema {
  if (typeof schema.$ref === 'string') return resolve(lookUp(schema.$ref, path.root), path);
  const all = schema.allOf;
  if (Array.isArray(all)) return all.filter(isObject).reduce((sum, part) => merge(sum, resolve(part, path)), schema);
  const options = schema.anyOf ?? schema.oneOf;
  if (!Array.isArray(options)) return schema;
  return resolve(chooseOption(options.filter(isObject), path), path);
}

function chooseOption(options: readonly Schema[], path: Path): Schema {
  const simple = options.find((option) => option.type === 'null') ?? options.find((option) => !('$ref' in option));
  return (path.depth >= deepest ? simple : options[0]) ?? {};
}

function lookUp(reference: string, root: Schema): Schema {
  const steps = reference.replace(/^#\/?/, '').split('/').filter(Boolean);
  const found = steps.reduce<unknown>((at, step) => (isObject(at) ? at[step] : undefined), root);
  return isObject(found) ? found : {};
}

function merge(one: Schema, other: Schema): Schema {
  return {
    ...one,
    ...other,
    allOf: undefined,
    properties: { ...objectOf(one.properties), ...objectOf(other.properties) },
    required: [...listOf(one.required), ...listOf(other.required)],
  };
}

function typeOf(schema: Schema, path: Path): string {
  const types = listOf(schema.type);
  if (path.depth >= deepest && types.includes('null')) return 'null';
  if (types.length > 0) return String(types[0]);
  if (typeof schema.type === 'string') return schema.type;
  if ('items' in schema) return 'array';
  return path.depth === 0 || 'properties' in schema ? 'object' : 'string';
}

function drawObject(schema: Schema, path: Path): Schema {
  const properties = objectOf(schema.properties);
  const required = [...new Set(listOf(schema.required).map(String))];
  return Object.fromEntries(required.map((name) => [name, draw(objectOf(properties[name]), path)]));
}

function drawArray(schema: Schema, path: Path): unknown[] {
  const wanted = path.depth >= deepest ? 0 : 1;
  const most = numberAt(schema, 'maxItems') ?? wanted;
  const length = Math.max(numberAt(schema, 'minItems') ?? 0, Math.min(wanted, most));
  return Array.from({ length }, () => draw(objectOf(schema.items), path));
}

function drawNumber(schema: Schema, path: Path): number {
  const { least, most } = boundsOf(schema);
  const step = numberAt(schema, 'multipleOf') ?? 1;
  const first = Math.ceil((least ?? Math.min(0, (most ?? 0) - step)) / step) * step;
  const room = Math.floor(((most ?? first + 99 * step) - first) / step);
  // Between bounds less than a step apart only a fraction fits.
  if (room < 0) return ((least ?? 0) + (most ?? 0)) / 2;
  return first + pick(path.random, Math.min(room, 99) + 1) * step;
}

function boundsOf(schema: Schema): { least: number | undefined; most: number | undefined } {
  const gap = schema.type === 'integer' ? 1 : 0.001;
  const over = numberAt(schema, 'exclusiveMinimum');
  const under = numberAt(schema, 'exclusiveMaximum');
  return {
    least: numberAt(schema, 'minimum') ?? (over === undefined ? undefined : over + gap),
    most: numberAt(schema, 'maximum') ?? (under === undefined ? undefined : under - gap),
  };
}

function drawString(schema: Schema, path: Path): string {
  const known = formats[String(schema.format)];
  if (known !== undefined) return known;
  const least = numberAt(schema, 'minLength') ?? 0;
  const text = makeWords(path.random, Math.max(2, Math.ceil(least / 2))).join('');
  return text.slice(0, numberAt(schema, 'maxLength') ?? text.length);
}

const formats: Readonly<Record<string, string>> = {
  'date-time': '2026-01-02T03:04:05Z',
  date: '2026-01-02',
  time: '03:04:05Z',
  email: 'someone@example.com',
  uri: 'https://example.com/',
  uuid: '6f1c1e0a-3a52-4c0b-9d3c-2f4a7b1d9e10',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
};

function numberAt(schema: Schema, name: string): number | undefined {
  const value = schema[name];
  return typeof value === 'number' ? value : undefined;
}

function objectOf(value: unknown): Schema {
  return isObject(value) ? value : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
