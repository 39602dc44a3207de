import type { ChatTranscript } from '../chat/chat-transcript.ts';
import { toCustomArguments } from '../tools/custom-input.ts';
import type { CallerTool, OfferedTools } from './offered-tools.ts';
import type { InputItem } from './response-input.ts';

type Item<T extends string> = Extract<InputItem, { type: T }>;
type ToolItem = Item<
  | 'function_call'
  | 'custom_tool_call'
  | 'local_shell_call'
  | 'local_shell_call_output'
  | 'shell_call'
  | 'shell_call_output'
  | 'apply_patch_call'
  | 'apply_patch_call_output'
  | 'tool_search_call'
  | 'tool_search_output'
>;

/** Writes a call, or the output of a tool that the client knows by heart, under the function's name that stands for it. */
export function writeToolItem(item: ToolItem, transcript: ChatTranscript, offered: OfferedTools): void {
  const called = toCall(item);
  if (!called) return writeOwnOutput(item, transcript);
  const { id, tool, input } = called;
  transcript.called({ id, type: 'function', function: { name: offered.functionOf(tool), arguments: input } });
}

interface CallOfTool {
  id: string;
  tool: CallerTool;
  /** JSON text. */
  input: string;
}

function toCall(item: ToolItem): CallOfTool | undefined {
  switch (item.type) {
    case 'function_call':
      return { id: item.call_id, tool: namedBy('function', item), input: item.arguments };
    case 'custom_tool_call':
      return { id: item.call_id, tool: namedBy('custom', item), input: toCustomArguments(item.input) };
    default:
      return toOwnCall(item);
  }
}

function toOwnCall(item: ToolItem): CallOfTool | undefined {
  switch (item.type) {
    case 'local_shell_call': {
      const { type: _, ...action } = item.action;
      return ownCall('local_shell', item.call_id, action);
    }
    case 'shell_call':
      return ownCall('shell', item.call_id, item.action);
    case 'apply_patch_call':
      return ownCall('apply_patch', item.call_id, item.operation);
    case 'tool_search_call':
      return {
        id: searchId(item),
        tool: { form: 'function', name: 'tool_search' },
        input: JSON.stringify(item.arguments ?? {}),
      };
    default:
      return undefined;
  }
}

const namedBy = (
  form: 'function' | 'custom',
  { name, namespace }: { name: string; namespace?: string | null | undefined },
) => ({ form, name, namespace: namespace ?? undefined }) satisfies CallerTool;

/** What was not said is left out: models take a null for a value. */
function ownCall(form: 'local_shell' | 'shell' | 'apply_patch', id: string, given: object): CallOfTool {
  const said = Object.entries(given).filter(([, value]) => value !== null);
  return { id, tool: { form, name: form }, input: JSON.stringify(Object.fromEntries(said)) };
}

const searchId = ({ call_id: callId, id }: Item<'tool_search_call' | 'tool_search_output'>) =>
  callId ?? id ?? 'tool_search';

function writeOwnOutput(item: ToolItem, transcript: ChatTranscript): void {
  const said = outputOf(item);
  if (said) transcript.resulted(said.id, said.text);
}

function outputOf(item: ToolItem): { id: string; text: string } | undefined {
  switch (item.type) {
    case 'local_shell_call_output':
      return { id: shellId(item), text: textOf(item.output) };
    case 'shell_call_output':
      return { id: item.call_id, text: textOf(item.output) };
    case 'apply_patch_call_output':
      return { id: item.call_id, text: patchText(item) };
    case 'tool_search_output':
      return { id: searchId(item), text: `Found: ${item.tools.map(({ name }) => String(name)).join(', ')}` };
    default:
      return undefined;
  }
}

const shellId = ({ call_id: callId, id }: Item<'local_shell_call_output'>) => callId ?? id ?? 'local_shell';

const patchText = ({ output, status }: Item<'apply_patch_call_output'>) => output ?? status ?? 'completed';

const textOf = (output: string | object) => (typeof output === 'string' ? output : JSON.stringify(output));
