import { z } from 'zod';
import { dropped, emptyIsAbsent, offers } from '../reading/listed.ts';
import { engineRefusals, translatedKnobs } from '../request/engine-fields.ts';
import { clientHints, gatewayFields, modelId } from '../request/gateway-fields.ts';
import { cacheMarks, onlyEmpty, refused, retentionFields, routingFields } from '../request/refused-field.ts';
import { message, textBlock } from './message-content.ts';
import { messageTool, messageToolChoice } from './message-tool.ts';
import { MAX_ITEMS, MAX_TOOLS, ownObject, text } from '../request/bounds.ts';

const shown = { display: z.string().max(32).nullish(), block_binding: dropped() };
const thinking = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('enabled'), budget_tokens: z.number().int().min(0), ...shown }),
  z.strictObject({ type: z.literal('adaptive'), ...shown }),
  z.strictObject({ type: z.literal('disabled'), display: dropped() }),
  z.strictObject({ type: z.literal('between_tools'), ...shown }),
]);

const outputFormat = z.strictObject({ type: z.literal('json_schema'), schema: ownObject });
const outputConfig = z.strictObject({
  effort: z.enum(['low', 'medium', 'high', 'xhigh', 'max']).nullish(),
  format: outputFormat.nullish(),
  task_budget: dropped(),
});

/** Edits that leave things out, which changes what a provider reads and not what was said. */
function onlyClears(value: unknown): boolean {
  const edits = (value as { edits?: unknown } | null)?.edits;
  return (
    !Array.isArray(edits) ||
    edits.every((edit) => String((edit as { type?: unknown } | null)?.type).startsWith('clear_'))
  );
}

/** What clients send along whose absence changes no answer: hints, and edits of the context that only leave things out. */
const hints = {
  betas: dropped(),
  billing_policy: dropped(),
  compaction: dropped(),
  context_management: dropped(
    onlyClears,
    'only edits that leave parts of a conversation out can go without a counterpart here',
  ),
  diagnostics: dropped(),
  prompt_cache_options: retentionFields.prompt_cache_options,
  speed: dropped(),
  user_profile_id: dropped(),
  workspace_id: dropped(),
  ...clientHints,
};

/** What is counted as well as answered. */
const conversation = {
  model: modelId,
  messages: z.array(message).min(1, 'must have at least one message').max(MAX_ITEMS),
  system: z.union([text, z.array(textBlock).max(MAX_ITEMS)], 'must be a string or an array of text blocks').nullish(),
  tools: emptyIsAbsent(offers(z.array(messageTool).max(MAX_TOOLS))).nullish(),
  tool_choice: messageToolChoice.nullish(),
  thinking: thinking.nullish(),
  output_config: outputConfig.nullish(),
  /** The earlier name of `output_config.format`. */
  output_format: outputFormat.nullish(),
  cache_control: cacheMarks.cache_control,
  ...hints,
  mcp_servers: onlyEmpty('a provider that calls other servers shares the prompt with them'),
};

/**
 * A request of the messages endpoint. `metadata.user_id` and `service_tier` go no further than the router. `thread` keeps a
 * conversation at the provider; Anthropic's SDK goes on without it when the refusal has its own code.
 */
export const messageRequest = z.strictObject({
  ...conversation,
  max_tokens: z.number().int().min(1),
  stop_sequences: emptyIsAbsent(z.array(text).max(64, 'must have at most 64 sequences')).nullish(),
  stream: z.boolean().nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  ...translatedKnobs,
  metadata: z.strictObject({ user_id: text.max(512).nullish() }).nullish(),
  service_tier: z.enum(['auto', 'standard_only']).nullish(),
  container: refused('containers keep files between requests', 'not_supported_zero_retention'),
  fallbacks: refused('this gateway runs the model that was asked for; models lists others to fall back on'),
  fallback_credit_token: refused('it belongs to fallbacks of Anthropic, which are not made here'),
  inference_geo: refused('where a model runs is decided by its id'),
  thread: refused('threads are not kept here; send the whole conversation', 'thread_unsupported_request'),
  store: retentionFields.store,
  background: retentionFields.background,
  ...engineRefusals,
  models: gatewayFields.models,
  ...routingFields,
});
export type MessageRequest = z.output<typeof messageRequest>;

/** A request to count the tokens of a conversation without answering it. */
export const tokenCountRequest = z.strictObject(conversation);
export type TokenCountRequest = z.output<typeof tokenCountRequest>;
