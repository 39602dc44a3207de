import { z } from 'zod';
import { dropped, emptyIsAbsent, nullMeans } from '../reading/listed.ts';
import { cacheMarks, refused } from '../request/refused-field.ts';
import { label, MAX_ITEMS, text } from '../request/bounds.ts';

const textPart = z.strictObject({ type: z.literal('text'), text, ...cacheMarks });
const textContent = z.union(
  [text, z.array(textPart).min(1).max(MAX_ITEMS)],
  'must be a string or an array of text parts',
);

const userPart = z.discriminatedUnion('type', [
  textPart,
  z.strictObject({
    type: z.literal('image_url'),
    image_url: z.strictObject({ url: text, detail: z.enum(['auto', 'low', 'high', 'original']).nullish() }),
    ...cacheMarks,
  }),
  z.strictObject({
    type: z.literal('input_audio'),
    input_audio: z.strictObject({ data: text, format: z.enum(['wav', 'mp3']) }),
    ...cacheMarks,
  }),
  z.strictObject({
    type: z.literal('file'),
    file: z.strictObject({
      file_data: text.optional(),
      filename: label.optional(),
      file_id: refused('files are not kept here; send file_data'),
    }),
    ...cacheMarks,
  }),
]);

/** What providers and clients add to an answer's message, which comes back with it and which no model reads. */
const answerExtras = {
  annotations: dropped(),
  images: dropped(),
  parsed: dropped(),
  provider_metadata: dropped(),
  provider_specific_fields: dropped(),
  thinking_blocks: dropped(),
};

/** Some clients write the other members of an answer's message into its text parts. */
const copiedMembers = {
  ...answerExtras,
  audio: dropped(),
  function_call: dropped(),
  reasoning: dropped(),
  reasoning_content: dropped(),
  reasoning_details: dropped(),
  refusal: dropped(),
  role: dropped(),
  tool_calls: dropped(),
};
const assistantPart = z.discriminatedUnion('type', [
  textPart.extend(copiedMembers),
  z.strictObject({ ...copiedMembers, type: z.literal('refusal'), refusal: text }),
]);

const functionCall = z.strictObject({
  name: label,
  arguments: text,
  parsed_arguments: dropped(),
  provider_specific_fields: dropped(),
});
const callId = {
  id: label,
  index: dropped(),
  provider_metadata: dropped(),
  provider_specific_fields: dropped(),
  ...cacheMarks,
};
const toolCall = z.discriminatedUnion('type', [
  z.strictObject({ ...callId, type: z.literal('function'), function: functionCall }),
  z.strictObject({ ...callId, type: z.literal('custom'), custom: z.strictObject({ name: label, input: text }) }),
]);

const name = label.nullish();

/**
 * An answer of the model sent back: OpenAI's members and the reasoning of open-weight models. Null content means that there
 * is none, only calls, and engines want to be told so.
 */
const assistantMessage = z.strictObject({
  role: z.literal('assistant'),
  content: nullMeans(
    z.union([text, z.array(assistantPart).max(MAX_ITEMS)], 'must be a string or an array of content parts').nullish(),
  ),
  name,
  refusal: text.nullish(),
  tool_calls: emptyIsAbsent(z.array(toolCall).max(MAX_ITEMS)).nullish(),
  function_call: functionCall.nullish(),
  audio: z.strictObject({ id: label }).loose().nullish(),
  reasoning: text.nullish(),
  reasoning_content: text.nullish(),
  reasoning_details: emptyIsAbsent(z.array(z.unknown()).max(MAX_ITEMS)).nullish(),
  ...answerExtras,
  ...cacheMarks,
});

/** One message of a chat, by role. */
export const chatMessage = z.discriminatedUnion('role', [
  z.strictObject({ role: z.literal('system'), content: textContent, name, ...cacheMarks }),
  z.strictObject({ role: z.literal('developer'), content: textContent, name, ...cacheMarks }),
  z.strictObject({
    role: z.literal('user'),
    content: z.union([text, z.array(userPart).min(1).max(MAX_ITEMS)], 'must be a string or an array of content parts'),
    name,
    ...cacheMarks,
  }),
  assistantMessage,
  z.strictObject({ role: z.literal('tool'), content: textContent, tool_call_id: label, name, ...cacheMarks }),
  z.strictObject({ role: z.literal('function'), content: nullMeans(text.nullable()), name: label }),
]);

/** Text that the model is told to expect, so that it answers faster. */
export const prediction = z.strictObject({ type: z.literal('content'), content: textContent });
