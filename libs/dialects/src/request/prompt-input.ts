import { z } from 'zod';

const token = z.number().int().nonnegative();

/** Text, several texts, or either as token ids, up to 2,048 items: what OpenAI takes as a prompt or an input. */
export const promptInput = z.union(
  [
    z.string(),
    z.array(z.string()).min(1).max(2048),
    z.array(token).min(1),
    z.array(z.array(token).min(1)).min(1).max(2048),
  ],
  'must be a string, a list of strings, a list of token ids, or a list of lists of token ids',
);

/** Number of separate texts in it. */
export function inputCount(input: z.output<typeof promptInput>): number {
  if (typeof input === 'string') return 1;
  return typeof input[0] === 'number' ? 1 : input.length;
}
