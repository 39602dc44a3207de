import type { z } from 'zod';

/** What a schema says of itself: as much of Zod's `_zod.def` as is read here. */
export interface Definition {
  type: string;
  shape?: Readonly<Record<string, z.ZodType>>;
  catchall?: z.ZodType;
  element?: z.ZodType;
  options?: readonly z.ZodType[];
  innerType?: z.ZodType;
  in?: z.ZodType;
  values?: readonly unknown[];
  entries?: Readonly<Record<string, unknown>>;
}

export const definitionOf = (schema: z.ZodType) => schema._zod.def as unknown as Definition;

/** What a schema wraps: the type of an optional, nullable or transformed value. */
export function innerOf(schema: z.ZodType): z.ZodType | undefined {
  const { innerType, in: input } = definitionOf(schema);
  return innerType ?? input;
}

/** A schema and what it wraps, outermost first. */
export function layersOf(schema: z.ZodType): z.ZodType[] {
  const inner = innerOf(schema);
  return inner ? [schema, ...layersOf(inner)] : [schema];
}
