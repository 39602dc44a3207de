import { z } from 'zod';
import { toolName } from '../chat/chat-tool.ts';

const text = z.string();
const schema = z.record(z.string(), z.unknown());
const options = {
  defer_loading: z.literal(false).optional(),
  async: z.literal(false).optional(),
  allowed_callers: z.array(z.literal('direct')).nullish(),
};

const functionTool = z.strictObject({
  type: z.literal('function'),
  name: toolName,
  description: text.nullish(),
  parameters: schema.nullish(),
  strict: z.boolean().nullish(),
  output_schema: schema.nullish(),
  ...options,
});

const customTool = z.strictObject({
  type: z.literal('custom'),
  name: toolName,
  description: text.optional(),
  format: z
    .discriminatedUnion('type', [
      z.strictObject({ type: z.literal('text') }),
      z.strictObject({ type: z.literal('grammar'), definition: text, syntax: z.enum(['lark', 'regex']) }),
    ])
    .optional(),
  ...options,
});

/** A tool that the model may call: the caller runs it, never this gateway or a provider. */
export const responseTool = z.discriminatedUnion('type', [functionTool, customTool], {
  error: 'must be "function" or "custom": a provider runs no tools for callers of this gateway',
});
export type ResponseTool = z.output<typeof responseTool>;

/** Which tool the model must, may or must not call. */
export const responseToolChoice = z.union(
  [
    z.enum(['none', 'auto', 'required']),
    z.strictObject({ type: z.literal('function'), name: text }),
    z.strictObject({ type: z.literal('custom'), name: text }),
    z.strictObject({
      type: z.literal('allowed_tools'),
      mode: z.enum(['auto', 'required']),
      tools: z.array(schema).min(1),
    }),
  ],
  'must be "none", "auto", "required", or name the tools to call',
);
export type ResponseToolChoice = z.output<typeof responseToolChoice>;
