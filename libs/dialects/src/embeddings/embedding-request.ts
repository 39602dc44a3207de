import { z } from 'zod';
import { commonFields } from '../request/common-fields.ts';
import { metadata, modelId } from '../request/gateway-fields.ts';
import { promptInput } from '../request/prompt-input.ts';

/** An embeddings request, OpenAI's members and those of engines. */
export const embeddingRequest = z.strictObject({
  model: modelId,
  input: promptInput,
  encoding_format: z.enum(['float', 'base64']).nullish(),
  dimensions: z.number().int().min(1).nullish(),
  input_type: z.string().max(64).nullish(),
  truncate: z.union([z.string().max(16), z.boolean()], 'must be a string or a boolean').nullish(),
  truncate_prompt_tokens: z.number().int().min(-1).nullish(),
  add_special_tokens: z.boolean().nullish(),
  normalize: z.boolean().nullish(),
  metadata: metadata.nullish(),
  ...commonFields,
});
export type EmbeddingRequest = z.output<typeof embeddingRequest>;
