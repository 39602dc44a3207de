import { z } from 'zod';
import { dropped } from '../reading/listed.ts';
import { cacheMarks } from '../request/refused-field.ts';
import { label, MAX_ITEMS, text } from '../request/bounds.ts';

const sources = { error: 'must be "base64", "url" (images) or "text" (documents): files are not kept here' };
const url = z.strictObject({ type: z.literal('url'), url: text });

export const textBlock = z.strictObject({
  type: z.literal('text'),
  text,
  citations: dropped(),
  provider_metadata: dropped(),
  ...cacheMarks,
});

const imageBlock = z.strictObject({
  type: z.literal('image'),
  transformations: dropped(),
  source: z.discriminatedUnion(
    'type',
    [
      z.strictObject({
        type: z.literal('base64'),
        media_type: z.enum(['image/jpeg', 'image/png', 'image/gif', 'image/webp']),
        data: text,
      }),
      url,
    ],
    sources,
  ),
  ...cacheMarks,
});

const documentBlock = z.strictObject({
  type: z.literal('document'),
  source: z.discriminatedUnion(
    'type',
    [
      z.strictObject({ type: z.literal('base64'), media_type: z.literal('application/pdf'), data: text }),
      z.strictObject({ type: z.literal('text'), media_type: z.literal('text/plain'), data: text }),
    ],
    sources,
  ),
  title: text.nullish(),
  context: text.nullish(),
  citations: z.strictObject({ enabled: z.literal(false, 'must be false: citations are not offered') }).nullish(),
  ...cacheMarks,
});

const thinkingBlocks = [
  z.strictObject({ type: z.literal('thinking'), thinking: text, signature: text.optional() }),
  z.strictObject({ type: z.literal('redacted_thinking'), data: text }),
] as const;

const toolUseBlock = z.strictObject({
  type: z.literal('tool_use'),
  id: label,
  name: label,
  input: z.unknown(),
  caller: dropped(),
  toolset_name: dropped(),
  ...cacheMarks,
});

const searchResultBlock = z.strictObject({
  type: z.literal('search_result'),
  source: text,
  title: text,
  content: z.array(textBlock).max(MAX_ITEMS),
  citations: dropped(),
  ...cacheMarks,
});
/** A tool that the caller's own search for tools has found: it is among the tools already, so its name is enough. */
const toolReferenceBlock = z.strictObject({ type: z.literal('tool_reference'), tool_name: label, ...cacheMarks });

const resultPart = z.discriminatedUnion('type', [
  textBlock,
  imageBlock,
  documentBlock,
  searchResultBlock,
  toolReferenceBlock,
]);
const toolResultBlock = z.strictObject({
  type: z.literal('tool_result'),
  tool_use_id: label,
  content: z.union([text, z.array(resultPart).max(MAX_ITEMS)], 'must be a string or an array of blocks').nullish(),
  is_error: z.boolean().nullish(),
  toolset_name: dropped(),
  ...cacheMarks,
});

const blocks = 'must be a string or an array of blocks';
const userBlock = z.discriminatedUnion('type', [
  textBlock,
  imageBlock,
  documentBlock,
  searchResultBlock,
  toolResultBlock,
]);
const assistantBlock = z.discriminatedUnion('type', [textBlock, toolUseBlock, ...thinkingBlocks]);

/** One turn of a conversation in Anthropic's form. */
export const message = z.discriminatedUnion('role', [
  z.strictObject({
    role: z.literal('user'),
    content: z.union([text, z.array(userBlock).min(1).max(MAX_ITEMS)], blocks),
  }),
  z.strictObject({
    role: z.literal('assistant'),
    content: z.union([text, z.array(assistantBlock).max(MAX_ITEMS)], blocks),
  }),
  z.strictObject({
    role: z.literal('system'),
    content: z.union([text, z.array(textBlock).min(1).max(MAX_ITEMS)], blocks),
    clear_at: dropped(),
    output_config: dropped(),
  }),
]);

export type Message = z.output<typeof message>;
export type UserBlock = z.output<typeof userBlock>;
export type AssistantBlock = z.output<typeof assistantBlock>;
export type ResultPart = z.output<typeof resultPart>;
