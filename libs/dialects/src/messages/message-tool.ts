import { z } from 'zod';
import { toolName } from '../chat/chat-tool.ts';
import { dropped, leftOut } from '../reading/listed.ts';
import { cacheMarks } from '../request/refused-field.ts';
import { label, ownObject, text } from '../request/bounds.ts';

const options = {
  strict: z.boolean().optional(),
  input_examples: dropped(),
  eager_input_streaming: dropped(),
  defer_loading: dropped(),
  allowed_callers: dropped(),
  ...cacheMarks,
};

const customTool = z.strictObject({
  type: z.literal('custom', 'must be that of a tool that the caller runs').nullish(),
  name: toolName,
  description: text.optional(),
  input_schema: ownObject,
  ...options,
});

/** Tools that the caller runs and that Anthropic's models know by heart. */
const ownTools = [
  z.strictObject({ type: z.enum(['bash_20241022', 'bash_20250124']), name: toolName, ...options }),
  z.strictObject({
    type: z.enum(['text_editor_20241022', 'text_editor_20250124', 'text_editor_20250429', 'text_editor_20250728']),
    name: toolName,
    max_characters: dropped(),
    ...options,
  }),
  z.strictObject({ type: z.enum(['memory_20250818']), name: toolName, ...options }),
] as const;

/** Tools that Anthropic runs, the search among tools, which are all sent at once, and sets of tools that need pixels. */
const hostedTool = leftOut([
  'browser_toolset_20260801',
  'code_execution_20250522',
  'code_execution_20250825',
  'code_execution_20260120',
  'code_execution_20260521',
  'computer_20241022',
  'computer_20250124',
  'computer_20251124',
  'computer_toolset_20260801',
  'mcp_toolset',
  'tool_search_tool_bm25_20251119',
  'tool_search_tool_regex_20251119',
  'web_fetch_20250910',
  'web_fetch_20260209',
  'web_fetch_20260309',
  'web_fetch_20260318',
  'web_search_20250305',
  'web_search_20260209',
  'web_search_20260318',
]);

/** A tool that the model may call: the caller runs it, never this gateway or a provider. */
export const messageTool = z.discriminatedUnion('type', [customTool, ...ownTools, hostedTool]);
export type MessageTool = z.output<typeof messageTool>;

const parallel = { disable_parallel_tool_use: z.boolean().optional() };

/** Which tool the model must, may or must not call. */
export const messageToolChoice = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('auto'), ...parallel }),
  z.strictObject({ type: z.literal('any'), ...parallel }),
  z.strictObject({ type: z.literal('tool'), name: label, ...parallel }),
  z.strictObject({ type: z.literal('none') }),
]);
export type MessageToolChoice = z.output<typeof messageToolChoice>;
