import { z } from 'zod';

const text = z.string();
const textPart = z.strictObject({ type: z.literal('text'), text, cache_control: z.unknown().optional() });
const textContent = z.union([text, z.array(textPart).min(1)], 'must be a string or an array of text parts');

const userPart = z.discriminatedUnion('type', [
  textPart,
  z.strictObject({
    type: z.literal('image_url'),
    image_url: z.strictObject({ url: text, detail: z.enum(['auto', 'low', 'high']).optional() }),
  }),
  z.strictObject({
    type: z.literal('input_audio'),
    input_audio: z.strictObject({ data: text, format: z.enum(['wav', 'mp3']) }),
  }),
  z.strictObject({
    type: z.literal('file'),
    file: z.strictObject({ file_data: text.optional(), filename: text.optional() }),
  }),
]);

const toolCall = z.strictObject({
  id: text,
  type: z.literal('function'),
  function: z.strictObject({ name: text, arguments: text }),
  index: z.number().int().optional(),
});

const message = z.discriminatedUnion('role', [
  z.strictObject({ role: z.literal('system'), content: textContent, name: text.optional() }),
  z.strictObject({ role: z.literal('developer'), content: textContent, name: text.optional() }),
  z.strictObject({
    role: z.literal('user'),
    content: z.union([text, z.array(userPart).min(1)], 'must be a string or an array of content parts'),
    name: text.optional(),
  }),
  z.strictObject({
    role: z.literal('assistant'),
    content: z.union([text, z.array(z.unknown())]).nullish(),
    name: text.optional(),
    refusal: text.nullish(),
    tool_calls: z.array(toolCall).nullish(),
    reasoning_content: text.nullish(),
  }),
  z.strictObject({ role: z.literal('tool'), content: textContent, tool_call_id: text }),
]);

const tool = z.strictObject({
  type: z.literal('function'),
  function: z.strictObject({
    name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, underscores or dashes'),
    description: text.optional(),
    parameters: z.record(z.string(), z.unknown()).optional(),
    strict: z.boolean().nullish(),
  }),
});

const toolChoice = z.union(
  [
    z.enum(['none', 'auto', 'required']),
    z.strictObject({ type: z.literal('function'), function: z.strictObject({ name: text }) }),
  ],
  'must be "none", "auto", "required" or a function to call',
);

const responseFormat = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text') }),
  z.strictObject({ type: z.literal('json_object') }),
  z.strictObject({
    type: z.literal('json_schema'),
    json_schema: z.strictObject({
      name: text,
      description: text.optional(),
      schema: z.record(z.string(), z.unknown()).optional(),
      strict: z.boolean().nullish(),
    }),
  }),
]);

const natural = z.number().int().min(1);
const unit = z.number().min(-2).max(2);

/**
 * A chat completion request, field by field as OpenAI documents it. Fields that are not listed are refused: what the
 * edge does not understand must not decide money, model or retention further down.
 */
export const chatRequest = z.strictObject({
  model: z.string().min(1, 'must not be empty').max(128, 'must have at most 128 characters'),
  messages: z.array(message).min(1, 'must have at least one message'),
  stream: z.boolean().nullish(),
  stream_options: z
    .strictObject({ include_usage: z.boolean().optional(), include_obfuscation: z.literal(false).optional() })
    .nullish(),
  max_tokens: natural.nullish(),
  max_completion_tokens: natural.nullish(),
  n: natural.max(128).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  presence_penalty: unit.nullish(),
  frequency_penalty: unit.nullish(),
  logit_bias: z.record(z.string(), z.number().min(-100).max(100)).nullish(),
  logprobs: z.boolean().nullish(),
  top_logprobs: z.number().int().min(0).max(20).nullish(),
  seed: z.number().int().nullish(),
  stop: z.union([text, z.array(text).min(1).max(4)], 'must be a string or up to 4 strings').nullish(),
  tools: z.array(tool).max(128).nullish(),
  tool_choice: toolChoice.nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  response_format: responseFormat.nullish(),
  reasoning_effort: z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh']).nullish(),
  verbosity: z.enum(['low', 'medium', 'high']).nullish(),
  user: text.nullish(),
  safety_identifier: text.nullish(),
  store: z.literal(false, 'must be false: this gateway retains nothing').nullish(),
});
export type ChatRequest = z.output<typeof chatRequest>;
