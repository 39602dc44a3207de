import { z } from 'zod';
import { modelId } from '../request/gateway-fields.ts';

const ANSWERED_WHOLE = 'must be "false": a transcription is answered in one piece';
const temperature = z
  .string()
  .regex(/^\d(\.\d{1,10})?$/, 'must be a number from 0 to 1')
  .transform(Number)
  .refine((value) => value <= 1, 'must be a number from 0 to 1');

/**
 * The text fields of a transcription form, as OpenAI documents them; what is not listed is refused. Streams and speaker
 * labels are not offered: providers end neither with usage that could be metered.
 */
export const transcriptionFields = z.strictObject({
  model: modelId,
  language: z
    .string()
    .regex(/^[a-z]{2,3}$/, 'must be an ISO-639 code such as "en"')
    .optional(),
  prompt: z.string().max(4096, 'must have at most 4096 characters').optional(),
  response_format: z.enum(['json', 'text', 'srt', 'verbose_json', 'vtt']).optional(),
  temperature: temperature.optional(),
  'timestamp_granularities[]': z
    .array(z.enum(['word', 'segment']))
    .max(32)
    .optional(),
  'include[]': z
    .array(z.enum(['logprobs']))
    .max(32)
    .optional(),
  stream: z.literal('false', ANSWERED_WHOLE).optional(),
});

/** A transcription request: its fields, and its file. */
export type TranscriptionRequest = z.output<typeof transcriptionFields> & {
  /** Where in the body it lies, what it is called, in ASCII, and what it says it is. */
  file: { start: number; end: number; name: string; type: string };
  /** The fields as they were written, in order. */
  texts: readonly (readonly [name: string, value: string])[];
};
