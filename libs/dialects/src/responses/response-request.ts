import { z } from 'zod';
import { reasoningEffort, verbosity } from '../chat/chat-request.ts';
import { callerFields, gatewayFields, metadata, modelId, serviceTier } from '../request/gateway-fields.ts';
import { onlyFalse, onlyNull, retentionFields, routingFields } from '../request/refused-field.ts';
import { inputItem } from './response-input.ts';
import { responseTool, responseToolChoice } from './response-tool.ts';

const text = z.string();

const ZERO_RETENTION = 'not_supported_zero_retention';

/** A field that would need an earlier answer, which this gateway does not have; `null` says the same as its absence. */
const notKept = (reason: string) => onlyNull(reason, ZERO_RETENTION);

const format = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text') }),
  z.strictObject({ type: z.literal('json_object') }),
  z.strictObject({
    type: z.literal('json_schema'),
    name: text,
    schema: z.record(z.string(), z.unknown()),
    description: text.nullish(),
    strict: z.boolean().nullish(),
  }),
]);

const includable = z.enum([
  'code_interpreter_call.outputs',
  'computer_call_output.output.image_url',
  'file_search_call.results',
  'message.input_image.image_url',
  'message.output_text.logprobs',
  'reasoning.encrypted_content',
  'web_search_call.action.sources',
  'web_search_call.results',
]);

const reasoning = z.strictObject({
  effort: reasoningEffort.nullish(),
  summary: z.enum(['auto', 'concise', 'detailed']).nullish(),
  generate_summary: z.enum(['auto', 'concise', 'detailed']).nullish(),
});

/**
 * A request of the responses endpoint, field by field as OpenAI documents it; what is not listed is refused. Nothing is
 * stored: an absent `store` counts as false (OpenAI's default is true), and what refers to stored things is refused as
 * `not_supported_zero_retention`. Reasoning is shown as text where a model gives it; there are no summaries and no
 * encrypted reasoning, so asking for either changes nothing.
 */
export const responseRequest = z.strictObject({
  model: modelId,
  input: z.union([text, z.array(inputItem).min(1)], 'must be a string or an array of items'),
  instructions: text.nullish(),
  tools: z.array(responseTool).max(128).nullish(),
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
  include: z.array(includable).nullish(),
  metadata: metadata.nullish(),
  prompt_cache_key: text.nullish(),
  service_tier: serviceTier.nullish(),
  ...callerFields,
  models: gatewayFields.models,
  ...retentionFields,
  ...routingFields,
  store: onlyFalse('this gateway retains nothing', ZERO_RETENTION),
  background: onlyFalse('this gateway keeps no answer to fetch later', ZERO_RETENTION),
  previous_response_id: notKept('earlier responses are not kept; send the whole conversation as input'),
  conversation: notKept('conversations are not kept; send the whole conversation as input'),
  prompt: notKept('prompts are not kept; send instructions and input'),
  context_management: notKept('compacted conversations are not kept; send the whole conversation as input'),
});
export type ResponseRequest = z.output<typeof responseRequest>;
