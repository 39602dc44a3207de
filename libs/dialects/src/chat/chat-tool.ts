import { z } from 'zod';
import { dropped, leftOut } from '../reading/listed.ts';
import { label, MAX_CHOICES, ownObject, text } from '../request/bounds.ts';

/** Engines of open-weight models take longer names than OpenAI's 64 characters; who does not says so. */
export const toolName = z
  .string()
  .regex(/^[a-zA-Z0-9_-]{1,128}$/, 'must be 1 to 128 letters, digits, underscores or dashes');

const grammar = z.strictObject({
  type: z.literal('grammar'),
  grammar: z.strictObject({ definition: text, syntax: z.enum(['lark', 'regex']) }),
});

const toolHints = { allowed_callers: dropped(), defer_loading: dropped(), eager_input_streaming: dropped() };

/** A tool that the model may call: the caller runs it, never this gateway. */
export const chatTool = z.discriminatedUnion('type', [
  z.strictObject({
    ...toolHints,
    type: z.literal('function'),
    function: z.strictObject({
      name: toolName,
      description: text.nullish(),
      parameters: ownObject.nullish(),
      strict: z.boolean().nullish(),
    }),
  }),
  z.strictObject({
    ...toolHints,
    type: z.literal('custom'),
    custom: z.strictObject({
      name: toolName,
      description: text.optional(),
      format: z.discriminatedUnion('type', [z.strictObject({ type: z.literal('text') }), grammar]).optional(),
    }),
  }),
  // What a provider would run: callers offer it, and the answer does without.
  leftOut([
    'code_interpreter',
    'file_search',
    'image_generation',
    'mcp',
    'retrieval',
    'web_search',
    'web_search_preview',
    'openrouter:web_search',
  ]),
]);

const named = z.strictObject({ name: label });

/** Which tool the model must, may or must not call. */
export const chatToolChoice = z.union(
  [
    z.enum(['none', 'auto', 'required']),
    z.strictObject({ type: z.literal('function'), function: named }),
    z.strictObject({ type: z.literal('custom'), custom: named }),
    z.strictObject({
      type: z.literal('allowed_tools'),
      allowed_tools: z.strictObject({
        mode: z.enum(['auto', 'required']),
        tools: z.array(ownObject).min(1).max(MAX_CHOICES),
      }),
    }),
  ],
  'must be "none", "auto", "required", or name the tools to call',
);

/** The older form of tools, which some clients still send. */
export const legacyFunction = z.strictObject({
  name: toolName,
  description: text.optional(),
  parameters: ownObject.optional(),
});
export const legacyFunctionChoice = z.union([z.enum(['none', 'auto']), named], 'must be "none", "auto" or a name');

/** Members that speak of tools where there are none: providers refuse them, and they say nothing. */
export function idleToolMembers(value: Readonly<Record<string, unknown>>): string[] {
  const { tools, functions } = value;
  const withoutTools = tools === undefined ? ['tool_choice', 'parallel_tool_calls'] : [];
  const withoutFunctions = functions === undefined ? ['function_call'] : [];
  return [...withoutTools, ...withoutFunctions].filter((name) => idle.has(value[name]));
}

/** What these members say when they ask for no tool in particular. */
const idle = new Set<unknown>(['auto', 'none', true, false]);
