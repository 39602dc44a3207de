import { z } from 'zod';
import {
  callerFields,
  gatewayFields,
  metadata,
  modelId,
  serviceTier,
  streamOptions,
} from '../request/gateway-fields.ts';
import { retentionFields, routingFields } from '../request/refused-field.ts';
import { promptInput } from '../request/prompt-input.ts';

const natural = z.number().int().min(1);
const unit = z.number().min(-2).max(2);

/** A request of the older completions endpoint, field by field as OpenAI documents it; what is not listed is refused. */
export const completionRequest = z.strictObject({
  model: modelId,
  prompt: promptInput,
  best_of: natural.max(20).nullish(),
  echo: z.boolean().nullish(),
  frequency_penalty: unit.nullish(),
  logit_bias: z.record(z.string(), z.number().min(-100).max(100)).nullish(),
  logprobs: z.number().int().min(0).max(5).nullish(),
  max_tokens: natural.nullish(),
  n: natural.max(128).nullish(),
  presence_penalty: unit.nullish(),
  seed: z.number().int().nullish(),
  stop: z.union([z.string(), z.array(z.string()).min(1).max(4)], 'must be a string or up to 4 strings').nullish(),
  stream: z.boolean().nullish(),
  stream_options: streamOptions.nullish(),
  suffix: z.string().nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  metadata: metadata.nullish(),
  service_tier: serviceTier.nullish(),
  ...callerFields,
  ...gatewayFields,
  ...retentionFields,
  ...routingFields,
});
export type CompletionRequest = z.output<typeof completionRequest>;
