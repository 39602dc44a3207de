import { z } from 'zod';
import { toolName } from '../chat/chat-tool.ts';
import { dropped, leftOut, offers } from '../reading/listed.ts';
import { label, MAX_CHOICES, MAX_TOOLS, ownObject, text } from '../request/bounds.ts';

const options = {
  defer_loading: dropped(),
  async: dropped(),
  allowed_callers: dropped(),
  output_schema: dropped(),
};

const functionTool = z.strictObject({
  type: z.literal('function'),
  name: toolName,
  description: text.nullish(),
  parameters: ownObject.nullish(),
  strict: z.boolean().nullish(),
  ...options,
});

const customTool = z.strictObject({
  type: z.literal('custom'),
  name: text.min(1).max(128),
  description: text.nullish(),
  format: z
    .discriminatedUnion('type', [
      z.strictObject({ type: z.literal('text') }),
      z.strictObject({ type: z.literal('grammar'), definition: text, syntax: z.enum(['lark', 'regex']) }),
    ])
    .nullish(),
  ...options,
});

/** Tools that providers run, and the search among tools, which are all sent at once. */
const hostedTool = leftOut([
  'code_interpreter',
  'computer',
  'computer_use_preview',
  'file_search',
  'image_generation',
  'mcp',
  'programmatic_tool_calling',
  'tool_search',
  'web_search',
  'web_search_2025_08_26',
  'web_search_preview',
  'web_search_preview_2025_03_11',
]);

const namespacedFunction = functionTool.extend({ name: text.min(1).max(128) });
const namespaceTool = z.strictObject({
  type: z.literal('namespace'),
  name: text.min(1).max(128),
  description: text.nullish(),
  tools: offers(z.array(z.discriminatedUnion('type', [namespacedFunction, customTool])).max(MAX_TOOLS)),
  ...options,
});

const local = z.looseObject({ type: z.literal('local', 'must be "local": a provider runs no shell for callers') });
const ownTools = [
  z.strictObject({ type: z.literal('local_shell'), ...options }),
  z.strictObject({ type: z.literal('shell'), environment: local.nullish(), ...options }),
  z.strictObject({ type: z.literal('apply_patch'), ...options }),
] as const;

/** A tool that the model may call: the caller runs it, never this gateway or a provider. */
export const responseTool = z.discriminatedUnion('type', [
  functionTool,
  customTool,
  namespaceTool,
  ...ownTools,
  hostedTool,
]);
export type ResponseTool = z.output<typeof responseTool>;
export type FunctionTool = z.output<typeof namespacedFunction>;
export type CustomTool = z.output<typeof customTool>;

const named = { name: label, namespace: label.nullish() };

/** Which tool the model must, may or must not call. */
export const responseToolChoice = z.union(
  [
    z.enum(['none', 'auto', 'required']),
    z.strictObject({ type: z.literal('function'), ...named }),
    z.strictObject({ type: z.literal('custom'), ...named }),
    z.strictObject({ type: z.enum(['local_shell', 'shell', 'apply_patch']) }),
    z.strictObject({
      type: z.literal('allowed_tools'),
      mode: z.enum(['auto', 'required']),
      tools: z.array(ownObject).min(1).max(MAX_CHOICES),
    }),
  ],
  'must be "none", "auto", "required", or name tools that are offered and that the caller runs',
);
export type ResponseToolChoice = z.output<typeof responseToolChoice>;
