import { z } from 'zod';
import { callerFields, gatewayFields, modelId } from '../request/gateway-fields.ts';
import { promptInput } from '../request/prompt-input.ts';
import { retentionFields, routingFields } from '../request/refused-field.ts';

/** An embeddings request, field by field as OpenAI documents it; what is not listed is refused. */
export const embeddingRequest = z.strictObject({
  model: modelId,
  input: promptInput,
  encoding_format: z.enum(['float', 'base64']).nullish(),
  dimensions: z.number().int().min(1).nullish(),
  ...callerFields,
  ...gatewayFields,
  ...retentionFields,
  ...routingFields,
});
export type EmbeddingRequest = z.output<typeof embeddingRequest>;
