import { z } from 'zod';
import { commonFields } from '../request/common-fields.ts';
import { modelId } from '../request/gateway-fields.ts';
import { text } from '../request/bounds.ts';

const document = z.union([text, z.strictObject({ text })], 'must be a string or {"text": string}');

/** A request to order documents by relevance, in Cohere's form, with the members of engines. */
export const rerankRequest = z.strictObject({
  model: modelId,
  query: text.min(1, 'must not be empty'),
  documents: z.array(document).min(1, 'must have at least one document').max(1000, 'must have at most 1000 documents'),
  top_n: z.number().int().min(1).nullish(),
  return_documents: z.boolean().nullish(),
  max_tokens_per_doc: z.number().int().min(1).nullish(),
  input_type: z.string().max(64).nullish(),
  truncate: z.union([z.string().max(16), z.boolean()], 'must be a string or a boolean').nullish(),
  truncate_prompt_tokens: z.number().int().min(-1).nullish(),
  ...commonFields,
});
export type RerankRequest = z.output<typeof rerankRequest>;
