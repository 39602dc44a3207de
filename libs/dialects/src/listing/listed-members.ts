import type { z } from 'zod';
import { refusalOf } from '../request/refused-field.ts';
import { droppedWhen } from '../reading/listed.ts';
import { definitionOf, innerOf, layersOf } from '../reading/schema-parts.ts';

/** What becomes of a member that a schema lists. */
export interface ListedMember {
  /** Where it stands, by names: `messages[].content[].text`; forms that differ by `type` or `role` are told apart. */
  path: string;
  fate: 'used' | 'dropped' | 'refused';
  /** Why it is refused, or when it is not dropped. */
  reason: string | undefined;
}

/** The members of the top level of a schema, in alphabetical order. */
export function listedMembers(schema: z.ZodObject): ListedMember[] {
  return Object.entries(schema.shape as Readonly<Record<string, z.ZodType>>)
    .map(([path, member]) => toListed(path, member))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The members inside of a schema's members that are dropped or refused, wherever they stand. */
export function innerExceptions(schema: z.ZodObject): ListedMember[] {
  const found = new Map<string, ListedMember>();
  const shape: Readonly<Record<string, z.ZodType>> = schema.shape;
  for (const [name, member] of Object.entries(shape)) collect(name, member, found);
  return [...found.values()].filter(({ fate }) => fate !== 'used').sort((a, b) => (a.path < b.path ? -1 : 1));
}

function collect(path: string, schema: z.ZodType, found: Map<string, ListedMember>): void {
  const { shape = {}, element, options = [] } = definitionOf(schema);
  const inner = innerOf(schema);
  if (inner) collect(path, inner, found);
  if (element) collect(`${path}[]`, element, found);
  for (const option of options) collect(path, option, found);
  for (const [name, member] of Object.entries(shape)) note(toListed(`${path}.${name}`, member), member, found);
}

/** A member that one form of a value uses is used, though other forms have no use for it. */
function note(listed: ListedMember, member: z.ZodType, found: Map<string, ListedMember>): void {
  if (found.get(listed.path)?.fate !== 'used') found.set(listed.path, listed);
  if (listed.fate === 'used') collect(listed.path, member, found);
}

function toListed(path: string, member: z.ZodType): ListedMember {
  const layers = layersOf(member);
  const refusal = layers.map(refusalOf).find((reason) => reason !== undefined);
  if (refusal !== undefined) return { path, fate: 'refused', reason: refusal };
  return {
    path,
    fate: layers.some((layer) => droppedWhen(layer) !== undefined) ? 'dropped' : 'used',
    reason: undefined,
  };
}
