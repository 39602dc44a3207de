import { z } from 'zod';
import { dropped } from '../reading/listed.ts';
import { cacheMarks, refused } from '../request/refused-field.ts';
import { label, MAX_ITEMS, ownObject, text } from '../request/bounds.ts';

const optional = label.nullish();
const status = z.enum(['in_progress', 'completed', 'incomplete']).nullish();
const notKept = (instead: string) =>
  refused(`files are not kept here; send ${instead}`, 'not_supported_zero_retention');

const inputText = z.strictObject({ type: z.literal('input_text'), text, ...cacheMarks });
const inputImage = z.strictObject({
  type: z.literal('input_image'),
  image_url: text,
  detail: z.enum(['auto', 'low', 'high', 'original']).nullish(),
  file_id: notKept('image_url'),
  ...cacheMarks,
});
const inputFile = z.strictObject({
  type: z.literal('input_file'),
  file_data: text,
  filename: label.nullish(),
  detail: z.enum(['auto', 'low', 'high']).nullish(),
  file_id: notKept('file_data'),
  file_url: refused('the model does not fetch files; send file_data', 'invalid_request'),
  ...cacheMarks,
});
const inputAudio = z.strictObject({
  type: z.literal('input_audio'),
  input_audio: z.strictObject({ data: text, format: z.enum(['mp3', 'wav']) }),
});
/** What providers and clients add to the items of an answer, which comes back with them and which no model reads. */
const answerExtras = {
  async: dropped(),
  async_: dropped(),
  agent: dropped(),
  caller: dropped(),
  created_by: dropped(),
  internal_chat_message_metadata_passthrough: dropped(),
  parsed_arguments: dropped(),
  phase: dropped(),
  provider_metadata: dropped(),
  provider_specific_fields: dropped(),
};
const outputText = z.strictObject({
  type: z.literal('output_text'),
  text,
  annotations: dropped(),
  logprobs: dropped(),
  parsed: dropped(),
  ...cacheMarks,
});
const refusal = z.strictObject({ type: z.literal('refusal'), refusal: text });

/** What a caller puts into a message or into the result of a tool. */
export const inputPart = z.discriminatedUnion('type', [inputText, inputImage, inputFile, inputAudio]);
const assistantPart = z.discriminatedUnion('type', [inputText, outputText, refusal]);

const messageBase = { ...answerExtras, ...cacheMarks, type: z.literal('message').nullish(), id: optional, status };
const inputMessage = z.strictObject({
  ...messageBase,
  role: z.enum(['user', 'system', 'developer']),
  content: z.union([text, z.array(inputPart).min(1).max(MAX_ITEMS)], 'must be a string or an array of content parts'),
});
const assistantMessage = z.strictObject({
  ...messageBase,
  role: z.literal('assistant'),
  content: z.union([text, z.array(assistantPart).max(MAX_ITEMS)], 'must be a string or an array of content parts'),
});
const message = z.discriminatedUnion('role', [inputMessage, assistantMessage]);

const toolOutput = z.union([text, z.array(inputPart).max(MAX_ITEMS)], 'must be a string or an array of content parts');
const call = { ...answerExtras, id: optional, call_id: label, name: label, namespace: optional, status };
const output = {
  ...answerExtras,
  id: optional,
  call_id: label,
  name: dropped(),
  namespace: dropped(),
  status,
  output: toolOutput,
};

const ownCall = { ...answerExtras, id: optional, status: label.nullish() };
/** Calls of the tools that clients know by heart, and their outputs. The older shell's output has its call's id as `id`. */
const ownToolItems = [
  z.strictObject({ type: z.literal('local_shell_call'), ...ownCall, call_id: label, action: ownObject }),
  z.strictObject({
    type: z.literal('local_shell_call_output'),
    ...ownCall,
    call_id: optional,
    output: z.union([text, ownObject], 'must be a string or an object'),
  }),
  z.strictObject({
    type: z.literal('shell_call'),
    ...ownCall,
    call_id: label,
    action: ownObject,
    environment: dropped(),
  }),
  z.strictObject({
    type: z.literal('shell_call_output'),
    ...ownCall,
    call_id: label,
    output: z.union([text, z.array(ownObject).max(MAX_ITEMS)], 'must be a string or an array of outputs'),
    max_output_length: dropped(),
  }),
  z.strictObject({ type: z.literal('apply_patch_call'), ...ownCall, call_id: label, operation: ownObject }),
  z.strictObject({ type: z.literal('apply_patch_call_output'), ...ownCall, call_id: label, output: text.nullish() }),
] as const;

const search = { ...answerExtras, id: optional, call_id: optional, execution: optional, status };
/** A search among tools, as other gateways offer it to the model. */
const toolSearchItems = [
  z.strictObject({ type: z.literal('tool_search_call'), ...search, arguments: z.unknown() }),
  z.strictObject({ type: z.literal('tool_search_output'), ...search, tools: z.array(ownObject).max(MAX_ITEMS) }),
] as const;

const reasoningItem = z.strictObject({
  ...answerExtras,
  type: z.literal('reasoning'),
  id: optional,
  status,
  summary: z
    .array(z.strictObject({ type: z.literal('summary_text'), text }))
    .max(MAX_ITEMS)
    .nullish(),
  content: z
    .array(z.strictObject({ type: z.literal('reasoning_text'), text }))
    .max(MAX_ITEMS)
    .nullish(),
  encrypted_content: text.nullish(),
});

const item = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('function_call'), ...call, arguments: text }),
  z.strictObject({ type: z.literal('function_call_output'), ...output }),
  z.strictObject({ type: z.literal('custom_tool_call'), ...call, input: text }),
  z.strictObject({ type: z.literal('custom_tool_call_output'), ...output }),
  ...ownToolItems,
  ...toolSearchItems,
  reasoningItem,
  z.strictObject({
    ...answerExtras,
    type: z.literal('item_reference'),
    id: z.custom<never>(() => false, {
      error:
        'must be left out: items are not kept here; send the item itself. Clients that refer to items by default have a switch: `store: false` (AI SDK: providerOptions.openai.store)',
      params: { code: 'not_supported_zero_retention' },
    }),
  }),
]);

/** One item of a request: a message, with or without its `type`, or what went on between messages. */
export const inputItem = z.union([message, item], 'must be a message, a tool call, its output, or reasoning');

export type InputPart = z.output<typeof inputPart>;
export type InputItem = z.output<typeof inputItem>;
