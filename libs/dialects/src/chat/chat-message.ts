import { z } from 'zod';
import { cacheMarks, refused } from '../request/refused-field.ts';

const text = z.string();
const textPart = z.strictObject({ type: z.literal('text'), text, ...cacheMarks });
const textContent = z.union([text, z.array(textPart).min(1)], 'must be a string or an array of text parts');

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
      filename: text.optional(),
      file_id: refused('files are not kept here; send file_data'),
    }),
    ...cacheMarks,
  }),
]);

const assistantPart = z.discriminatedUnion('type', [
  textPart,
  z.strictObject({ type: z.literal('refusal'), refusal: text }),
]);

const functionCall = z.strictObject({ name: text, arguments: text, parsed_arguments: z.unknown().optional() });
const callId = { id: text, index: z.number().int().optional() };
const toolCall = z.discriminatedUnion('type', [
  z.strictObject({ ...callId, type: z.literal('function'), function: functionCall }),
  z.strictObject({ ...callId, type: z.literal('custom'), custom: z.strictObject({ name: text, input: text }) }),
]);

const name = text.nullish();

/**
 * An answer of the model sent back: OpenAI's members, the reasoning of open-weight models, and what OpenAI's own client
 * adds to an answer that it has parsed.
 */
const assistantMessage = z.strictObject({
  role: z.literal('assistant'),
  content: z.union([text, z.array(assistantPart)], 'must be a string or an array of content parts').nullish(),
  name,
  refusal: text.nullish(),
  tool_calls: z.array(toolCall).nullish(),
  function_call: functionCall.nullish(),
  audio: z.strictObject({ id: text }).loose().nullish(),
  annotations: z.array(z.unknown()).nullish(),
  parsed: z.unknown().optional(),
  reasoning: text.nullish(),
  reasoning_content: text.nullish(),
  reasoning_details: z.array(z.unknown()).nullish(),
});

/** One message of a chat, by role. */
export const chatMessage = z.discriminatedUnion('role', [
  z.strictObject({ role: z.literal('system'), content: textContent, name }),
  z.strictObject({ role: z.literal('developer'), content: textContent, name }),
  z.strictObject({
    role: z.literal('user'),
    content: z.union([text, z.array(userPart).min(1)], 'must be a string or an array of content parts'),
    name,
  }),
  assistantMessage,
  z.strictObject({ role: z.literal('tool'), content: textContent, tool_call_id: text, name }),
  z.strictObject({ role: z.literal('function'), content: text.nullable(), name: text }),
]);

/** Text that the model is told to expect, so that it answers faster. */
export const prediction = z.strictObject({ type: z.literal('content'), content: textContent });
