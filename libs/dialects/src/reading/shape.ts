import type { z } from 'zod';
import { droppedWhen, isEmptiable, isLeftOut, isNullMeant, isOffer } from './listed.ts';
import { definitionOf, innerOf, layersOf, type Definition } from './schema-parts.ts';

/** A member that a schema lists. */
export interface ShapeField {
  shape: Shape;
  /** The values that are dropped; undefined: none. */
  isDropped: ((value: unknown) => boolean) | undefined;
  isNullMeant: boolean;
  isEmptiable: boolean;
}

/** A value that is told apart by what some of its members say. */
export interface ObjectShape {
  kind: 'object';
  fields: ReadonlyMap<string, ShapeField>;
  /** The values that members must have for this to be the form: `type`, `role`; `undefined` is one where it is optional. */
  tags: ReadonlyMap<string, ReadonlySet<unknown>>;
  isLeftOut: boolean;
}
export interface ArrayShape {
  kind: 'array';
  element: Shape;
  /** Elements of an unknown `type` may be left out. */
  isOffer: boolean;
}
export interface ChoiceShape {
  kind: 'choice';
  objects: readonly ObjectShape[];
  arrays: readonly ArrayShape[];
}

/**
 * As much of a schema as the reading of a request goes by: which members an object lists. `owned` is what is the caller's
 * own (JSON schemas, arguments, labels) or has no members: nothing is looked for in it.
 */
export type Shape = ObjectShape | ArrayShape | ChoiceShape | { kind: 'owned' };

const owned = { kind: 'owned' } as const;
const known = new WeakMap<z.ZodType, Shape>();

/** The shape of a schema; worked out once. */
export function shapeOf(schema: z.ZodType): Shape {
  const before = known.get(schema);
  if (before) return before;
  const shape = toShape(schema);
  known.set(schema, shape);
  return shape;
}

function toShape(schema: z.ZodType): Shape {
  const definition = definitionOf(schema);
  const { shape, element, options } = definition;
  const inner = innerOf(schema);
  if (inner) return shapeOf(inner);
  if (shape) return toObject(schema, shape, definition);
  if (definition.type === 'array' && element)
    return { kind: 'array', element: shapeOf(element), isOffer: isOffer(schema) };
  return options ? toChoice(options) : owned;
}

function toObject(schema: z.ZodType, members: Readonly<Record<string, z.ZodType>>, definition: Definition): Shape {
  const isLeft = isLeftOut(schema);
  // What takes any further member is not ours to sort.
  if (definition.catchall && definitionOf(definition.catchall).type !== 'never' && !isLeft) return owned;
  const tags = new Map<string, ReadonlySet<unknown>>();
  const fields = new Map<string, ShapeField>();
  for (const [name, member] of Object.entries(members)) {
    const values = tagsOf(member);
    if (values) tags.set(name, values);
    fields.set(name, toField(member));
  }
  return { kind: 'object', fields, tags: isLeft ? tags : onlyTelling(tags), isLeftOut: isLeft };
}

function toField(member: z.ZodType): ShapeField {
  const layers = layersOf(member);
  return {
    shape: shapeOf(member),
    isDropped: layers.map(droppedWhen).find((each) => each !== undefined),
    isNullMeant: layers.some(isNullMeant),
    isEmptiable: layers.some(isEmptiable),
  };
}

/** Members by which forms are told apart. */
const TELLING = new Set(['type', 'role']);
const onlyTelling = (tags: Map<string, ReadonlySet<unknown>>) =>
  new Map([...tags].filter(([name]) => TELLING.has(name)));

function tagsOf(schema: z.ZodType): ReadonlySet<unknown> | undefined {
  const layers = layersOf(schema).map(definitionOf);
  const { values, entries } = layers.at(-1) ?? {};
  const listed = values ?? (entries && Object.values(entries));
  if (!listed) return undefined;
  return new Set(layers.some(({ type }) => type === 'optional') ? [...listed, undefined] : listed);
}

function toChoice(options: readonly z.ZodType[]): Shape {
  const shapes = options.map(shapeOf).flatMap((shape) => (shape.kind === 'choice' ? flat(shape) : [shape]));
  const objects = shapes.filter((shape) => shape.kind === 'object');
  const arrays = shapes.filter((shape) => shape.kind === 'array' && shape.element.kind !== 'owned');
  return objects.length + arrays.length > 0 ? { kind: 'choice', objects, arrays: arrays as ArrayShape[] } : owned;
}

const flat = ({ objects, arrays }: ChoiceShape): Shape[] => [...objects, ...arrays];
