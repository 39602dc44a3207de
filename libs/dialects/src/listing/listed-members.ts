import type { z } from 'zod';
import { refusalOf } from '../request/refused-field.ts';
import { droppedWhen } from '../reading/listed.ts';

/** What becomes of a member that a schema lists. */
export interface ListedMember {
  /** Where it stands, by names: `messages[].content[].text`; forms that differ by `type` or `role` are told apart. */
  path: string;
  fate: 'used' | 'dropped' | 'refused';
  /** Why it is refused, or when it is not dropped. */
  reason: string | undefined;
}

interface Definition {
  type: string;
  shape?: Readonly<Record<string, z.ZodType>>;
  element?: z.ZodType;
  options?: readonly z.ZodType[];
  innerType?: z.ZodType;
  in?: z.ZodType;
}

const definitionOf = (schema: z.ZodType) => schema._zod.def as unknown as Definition;

/** The members of the top level of a schema, in alphabetical order. */
export function listedMembers(schema: z.ZodObject): ListedMember[] {
  return Object.entries(schema.shape)
    .map(([path, member]) => toListed(path, member))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The members inside of a schema's members that are dropped or refused, wherever they stand. */
export function innerExceptions(schema: z.ZodObject): ListedMember[] {
  const found = new Map<string, ListedMember>();
  for (const [name, member] of Object.entries(schema.shape)) collect(name, member, found);
  return [...found.values()].filter(({ fate }) => fate !== 'used').sort((a, b) => (a.path < b.path ? -1 : 1));
}

function collect(path: string, schema: z.ZodType, found: Map<string, ListedMember>): void {
  const { shape, element, options, innerType, in: input } = definitionOf(schema);
  const inner = innerType ?? input;
  if (inner) return collect(path, inner, found);
  if (element) return collect(`${path}[]`, element, found);
  for (const option of options ?? []) collect(path, option, found);
  for (const [name, member] of Object.entries(shape ?? {})) {
    const listed = toListed(`${path}.${name}`, member);
    // A member that one form of a value uses is used, though other forms have no use for it.
    if (found.get(listed.path)?.fate !== 'used') found.set(listed.path, listed);
    if (listed.fate === 'used') collect(listed.path, member, found);
  }
}

function toListed(path: string, member: z.ZodType): ListedMember {
  const layers = layersOf(member);
  const refusal = layers.map(refusalOf).find((reason) => reason !== undefined);
  if (refusal !== undefined) return { path, fate: 'refused', reason: refusal };
  return { path, fate: layers.some(droppedWhen) ? 'dropped' : 'used', reason: undefined };
}

function layersOf(schema: z.ZodType): z.ZodType[] {
  const { innerType, in: input } = definitionOf(schema);
  const inner = innerType ?? input;
  return inner ? [schema, ...layersOf(inner)] : [schema];
}
