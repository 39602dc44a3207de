import { z } from 'zod';

const text = z.string();

/** Accepted wherever Anthropic documents it, and dropped: this gateway asks no provider to cache. */
export const cacheControl = {
  cache_control: z.strictObject({ type: z.literal('ephemeral'), ttl: z.enum(['5m', '1h']).optional() }).nullish(),
};

const sources = { error: 'must be "base64", "url" (images) or "text" (documents): files are not kept here' };
const url = z.strictObject({ type: z.literal('url'), url: text });

export const textBlock = z.strictObject({
  type: z.literal('text'),
  text,
  citations: z.array(z.unknown()).nullish(),
  ...cacheControl,
});

const imageBlock = z.strictObject({
  type: z.literal('image'),
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
  ...cacheControl,
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
  ...cacheControl,
});

const thinkingBlocks = [
  z.strictObject({ type: z.literal('thinking'), thinking: text, signature: text.optional() }),
  z.strictObject({ type: z.literal('redacted_thinking'), data: text }),
] as const;

const toolUseBlock = z.strictObject({
  type: z.literal('tool_use'),
  id: text,
  name: text,
  input: z.unknown(),
  caller: z.strictObject({ type: z.literal('direct') }).nullish(),
  toolset_name: z.null().optional(),
  ...cacheControl,
});

const resultPart = z.discriminatedUnion('type', [textBlock, imageBlock, documentBlock]);
const toolResultBlock = z.strictObject({
  type: z.literal('tool_result'),
  tool_use_id: text,
  content: z.union([text, z.array(resultPart)], 'must be a string or an array of blocks').nullish(),
  is_error: z.boolean().nullish(),
  ...cacheControl,
});

const blocks = 'must be a string or an array of blocks';
const userBlock = z.discriminatedUnion('type', [textBlock, imageBlock, documentBlock, toolResultBlock]);
const assistantBlock = z.discriminatedUnion('type', [textBlock, toolUseBlock, ...thinkingBlocks]);

/** One turn of a conversation in Anthropic's form. */
export const message = z.discriminatedUnion('role', [
  z.strictObject({ role: z.literal('user'), content: z.union([text, z.array(userBlock).min(1)], blocks) }),
  z.strictObject({ role: z.literal('assistant'), content: z.union([text, z.array(assistantBlock)], blocks) }),
  z.strictObject({ role: z.literal('system'), content: z.union([text, z.array(textBlock).min(1)], blocks) }),
]);

export type Message = z.output<typeof message>;
export type UserBlock = z.output<typeof userBlock>;
export type AssistantBlock = z.output<typeof assistantBlock>;
export type ResultPart = z.output<typeof resultPart>;
