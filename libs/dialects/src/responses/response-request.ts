import { z } from 'zod';
import { reasoningEffort, verbosity } from '../chat/chat-request.ts';
import { dropped, emptyIsAbsent, offers } from '../reading/listed.ts';
import { engineRefusals, translatedKnobs } from '../request/engine-fields.ts';
import { callerFields, clientHints, gatewayFields, metadata, modelId, serviceTier } from '../request/gateway-fields.ts';
import { cacheMarks, onlyFalse, refused, retentionFields, routingFields } from '../request/refused-field.ts';
import { inputItem } from './response-input.ts';
import { responseTool, responseToolChoice } from './response-tool.ts';
import { label, MAX_ITEMS, MAX_TOOLS, ownObject, text } from '../request/bounds.ts';

const ZERO_RETENTION = 'not_supported_zero_retention';

/** A field that would need an earlier answer, which this gateway does not have; `null` says the same as its absence. */
const notKept = (reason: string) => refused(reason, ZERO_RETENTION);

const format = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text') }),
  z.strictObject({ type: z.literal('json_object') }),
  z.strictObject({
    type: z.literal('json_schema'),
    name: label,
    schema: ownObject,
    description: text.nullish(),
    strict: z.boolean().nullish(),
  }),
]);

const reasoning = z.strictObject({
  effort: reasoningEffort.nullish(),
  summary: z.enum(['auto', 'concise', 'detailed']).nullish(),
  generate_summary: z.enum(['auto', 'concise', 'detailed']).nullish(),
  context: dropped(),
  mode: dropped(),
});

/**
 * A request of the responses endpoint. Nothing is stored: an absent `store` counts as false (OpenAI's default is true), and
 * what refers to stored things is refused as `not_supported_zero_retention`.
 */
export const responseRequest = z.strictObject({
  model: modelId,
  input: z.union([text, z.array(inputItem).min(1).max(MAX_ITEMS)], 'must be a string or an array of items'),
  instructions: text.nullish(),
  tools: emptyIsAbsent(offers(z.array(responseTool).max(MAX_TOOLS))).nullish(),
  tool_choice: responseToolChoice.nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  max_tool_calls: z.number().int().min(1).nullish(),
  text: z.strictObject({ format: format.optional(), verbosity: verbosity.nullish() }).nullish(),
  reasoning: reasoning.nullish(),
  max_output_tokens: z.number().int().min(1).nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.strictObject({ include_obfuscation: z.boolean().optional() }).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  top_logprobs: z.number().int().min(0).max(20).nullish(),
  truncation: z.literal('disabled', 'must be "disabled": this gateway never drops a part of a prompt').nullish(),
  /** What is named here and cannot be had is not in the answer, as for a model without it. */
  include: emptyIsAbsent(z.array(z.string().max(128)).max(64)).nullish(),
  metadata: metadata.nullish(),
  prompt_cache_key: label.nullish(),
  service_tier: serviceTier.nullish(),
  access_programs: dropped(),
  cache_control: cacheMarks.cache_control,
  image: dropped(),
  ...translatedKnobs,
  ...engineRefusals,
  ...clientHints,
  ...callerFields,
  models: gatewayFields.models,
  ...retentionFields,
  ...routingFields,
  store: onlyFalse('this gateway retains nothing', ZERO_RETENTION),
  background: onlyFalse('this gateway keeps no answer to fetch later', ZERO_RETENTION),
  previous_response_id: notKept(
    'earlier responses are not kept; send the whole conversation as input. Clients that keep ids by default have a switch: `store: false` (Microsoft Agent Framework: `store=False` or its chat client, AI SDK: providerOptions.openai.store)',
  ),
  conversation: notKept('conversations are not kept; send the whole conversation as input'),
  prompt: notKept('prompts are not kept; send instructions and input'),
  context_management: notKept('compacted conversations are not kept; send the whole conversation as input'),
});
export type ResponseRequest = z.output<typeof responseRequest>;
