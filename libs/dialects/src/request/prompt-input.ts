import { z } from 'zod';
import { MAX_TOKENS, text } from './bounds.ts';

const token = z.number().int().nonnegative();

/** Text, several texts, or either as token ids, up to 2,048 items: what OpenAI takes as a prompt or an input. */
export const promptInput = z.union(
  [
    text,
    z.array(text).min(1).max(2048),
    z.array(token).min(1).max(MAX_TOKENS),
    z.array(z.array(token).min(1).max(MAX_TOKENS)).min(1).max(2048),
  ],
  'must be a string, a list of strings, a list of token ids, or a list of lists of token ids',
);

/** Number of separate texts in it. */
export function inputCount(input: z.output<typeof promptInput>): number {
  if (typeof input === 'string') return 1;
  return typeof input[0] === 'number' ? 1 : input.length;
}
