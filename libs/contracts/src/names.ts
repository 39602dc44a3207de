import { z } from 'zod';

/**
 * A name that people read: trimmed, 1 to `max` UTF-16 units, without control characters and broken surrogate pairs.
 * Postgres cannot store NUL, and the others garble terminals and logs.
 */
export function displayName(max: number) {
  return z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must not contain control characters');
}
