import { z } from 'zod';
import { toolName } from '../chat/chat-tool.ts';
import { gatewayFields, modelId } from '../request/gateway-fields.ts';
import { onlyNull, routingFields } from '../request/refused-field.ts';
import { cacheControl, message, textBlock } from './message-content.ts';

const text = z.string();
const schema = z.record(z.string(), z.unknown());

/** A tool that the caller runs. Tools that Anthropic runs, or knows by heart, do not exist elsewhere. */
const tool = z.strictObject({
  type: z.literal('custom', 'must be "custom": tools of Anthropic\'s own are not offered here').nullish(),
  name: toolName,
  description: text.optional(),
  input_schema: schema,
  strict: z.boolean().optional(),
  input_examples: z.array(schema).optional(),
  eager_input_streaming: z.boolean().nullish(),
  defer_loading: z.literal(false).optional(),
  allowed_callers: z.array(z.literal('direct')).optional(),
  ...cacheControl,
});

const parallel = { disable_parallel_tool_use: z.boolean().optional() };
const toolChoice = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('auto'), ...parallel }),
  z.strictObject({ type: z.literal('any'), ...parallel }),
  z.strictObject({ type: z.literal('tool'), name: text, ...parallel }),
  z.strictObject({ type: z.literal('none') }),
]);

const display = z.enum(['summarized', 'omitted']).nullish();
const thinking = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('enabled'), budget_tokens: z.number().int().min(1024), display }),
  z.strictObject({ type: z.literal('adaptive'), display }),
  z.strictObject({ type: z.literal('disabled') }),
]);

const outputConfig = z.strictObject({
  effort: z.enum(['low', 'medium', 'high', 'xhigh', 'max']).nullish(),
  format: z.strictObject({ type: z.literal('json_schema'), schema }).nullish(),
});

/** What is counted as well as answered. */
const conversation = {
  model: modelId,
  messages: z.array(message).min(1, 'must have at least one message'),
  system: z.union([text, z.array(textBlock)], 'must be a string or an array of text blocks').nullish(),
  tools: z.array(tool).max(128).nullish(),
  tool_choice: toolChoice.nullish(),
  thinking: thinking.nullish(),
  output_config: outputConfig.nullish(),
  ...cacheControl,
};

/**
 * A request of the messages endpoint, field by field as Anthropic documents it; what is not listed is refused.
 * `cache_control` is accepted and dropped, since nothing is cached for callers; `metadata.user_id` and `service_tier` go
 * no further than the router; `top_k` has no counterpart in the chat protocol and changes nothing.
 */
export const messageRequest = z.strictObject({
  ...conversation,
  max_tokens: z.number().int().min(1),
  stop_sequences: z.array(text).max(4, 'must have at most 4 sequences').nullish(),
  stream: z.boolean().nullish(),
  temperature: z.number().min(0).max(1).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  top_k: z.number().int().min(0).nullish(),
  metadata: z.strictObject({ user_id: text.max(512).nullish() }).nullish(),
  service_tier: z.enum(['auto', 'standard_only']).nullish(),
  container: onlyNull('containers keep files between requests', 'not_supported_zero_retention'),
  models: gatewayFields.models,
  ...routingFields,
});
export type MessageRequest = z.output<typeof messageRequest>;

/** A request to count the tokens of a conversation without answering it. */
export const tokenCountRequest = z.strictObject(conversation);
export type TokenCountRequest = z.output<typeof tokenCountRequest>;
