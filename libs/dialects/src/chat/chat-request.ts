import { z } from 'zod';
import { commonFields } from '../request/common-fields.ts';
import { dropped, emptyIsAbsent, offers } from '../reading/listed.ts';
import { chatKnobs, thinkingKnobs } from '../request/engine-fields.ts';
import { metadata, modelId, serviceTier, streamOptions } from '../request/gateway-fields.ts';
import { cacheMarks, refused } from '../request/refused-field.ts';
import { seed } from '../request/seed.ts';
import { stopStrings } from '../request/stop-strings.ts';
import { chatMessage, prediction } from './chat-message.ts';
import { chatTool, chatToolChoice, legacyFunction, legacyFunctionChoice } from './chat-tool.ts';
import { label, logitBias, MAX_ITEMS, MAX_TOOLS, ownObject, text } from '../request/bounds.ts';

const natural = z.number().int().min(1);
const unit = z.number().min(-2).max(2);

/** The form of the answer. */
const responseFormat = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text') }),
  z.strictObject({ type: z.literal('json_object'), schema: dropped() }),
  z.strictObject({
    type: z.literal('json_schema'),
    json_schema: z.strictObject({
      name: label,
      description: text.nullish(),
      schema: ownObject.nullish(),
      strict: z.boolean().nullish(),
    }),
  }),
]);

export const reasoningEffort = z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']);
export const verbosity = z.enum(['low', 'medium', 'high']);
const voice = z.union([label, z.strictObject({ id: label })], 'must be the name of a voice');

/**
 * A chat completion request: OpenAI's members, what engines of open-weight models take besides, what is dropped because its
 * absence changes nothing, and what is refused with its reason. `metadata`, `user`, `safety_identifier` and
 * `service_tier` go no further than the router (`droppedMembers` says why).
 */
export const chatRequest = z.strictObject({
  model: modelId,
  messages: z.array(chatMessage).min(1, 'must have at least one message').max(MAX_ITEMS),
  stream: z.boolean().nullish(),
  stream_options: streamOptions.nullish(),
  max_tokens: natural.nullish(),
  max_completion_tokens: natural.nullish(),
  n: natural.max(128).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  presence_penalty: unit.nullish(),
  frequency_penalty: unit.nullish(),
  logit_bias: logitBias.nullish(),
  logprobs: z.boolean().nullish(),
  top_logprobs: z.number().int().min(0).max(20).nullish(),
  seed: seed.nullish(),
  stop: stopStrings.nullish(),
  tools: emptyIsAbsent(offers(z.array(chatTool).max(MAX_TOOLS))).nullish(),
  tool_choice: chatToolChoice.nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  functions: emptyIsAbsent(z.array(legacyFunction).max(MAX_TOOLS)).nullish(),
  function_call: legacyFunctionChoice.nullish(),
  response_format: responseFormat.nullish(),
  modalities: z
    .array(z.enum(['text', 'audio']))
    .min(1)
    .max(32)
    .nullish(),
  audio: z.strictObject({ format: z.enum(['wav', 'aac', 'mp3', 'flac', 'opus', 'pcm16']), voice }).nullish(),
  prediction: prediction.nullish(),
  reasoning_effort: reasoningEffort.nullish(),
  verbosity: verbosity.nullish(),
  prompt_cache_key: label.nullish(),
  service_tier: serviceTier.nullish(),
  metadata: metadata.nullish(),
  web_search_options: refused('it shares the prompt with a search engine, outside of what this gateway can promise'),
  cache_control: cacheMarks.cache_control,
  ...chatKnobs,
  ...thinkingKnobs,
  ...commonFields,
});
export type ChatRequest = z.output<typeof chatRequest>;
