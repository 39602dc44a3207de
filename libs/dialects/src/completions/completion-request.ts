import { z } from 'zod';
import { commonFields } from '../request/common-fields.ts';
import { samplingKnobs, structureKnobs, templateKnobs } from '../request/engine-fields.ts';
import { metadata, modelId, serviceTier, streamOptions } from '../request/gateway-fields.ts';
import { promptInput } from '../request/prompt-input.ts';
import { seed } from '../request/seed.ts';
import { stopStrings } from '../request/stop-strings.ts';
import { logitBias, text } from '../request/bounds.ts';

const natural = z.number().int().min(1);
const unit = z.number().min(-2).max(2);

/** A request of the older completions endpoint, OpenAI's members and those of engines. */
export const completionRequest = z.strictObject({
  model: modelId,
  prompt: promptInput,
  best_of: natural.max(20).nullish(),
  echo: z.boolean().nullish(),
  frequency_penalty: unit.nullish(),
  logit_bias: logitBias.nullish(),
  logprobs: z.number().int().min(0).max(5).nullish(),
  max_tokens: natural.nullish(),
  n: natural.max(128).nullish(),
  presence_penalty: unit.nullish(),
  seed: seed.nullish(),
  stop: stopStrings.nullish(),
  stream: z.boolean().nullish(),
  stream_options: streamOptions.nullish(),
  suffix: text.nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  metadata: metadata.nullish(),
  service_tier: serviceTier.nullish(),
  add_special_tokens: templateKnobs.add_special_tokens,
  ...samplingKnobs,
  ...structureKnobs,
  ...commonFields,
});
export type CompletionRequest = z.output<typeof completionRequest>;
