import type { z } from 'zod';
import { isSchema } from './unbounded-schemas.ts';

/** Every schema among the values that a module exports, within objects and lists too: routes and contracts hold theirs. */
export function schemasIn(value: unknown, path: string, depth = 4): [path: string, schema: z.ZodType][] {
  if (isSchema(value)) return [[path, value]];
  if (typeof value !== 'object' || value === null || depth === 0) return [];
  return Object.entries(value).flatMap(([name, inner]) => schemasIn(inner, `${path}.${name}`, depth - 1));
}
