import type { CallHead } from '../sequence/answer-sequence.ts';
import { toLocalShellAction, toPatchOperation, toShellAction } from '../tools/own-tools.ts';
import type { ItemStatus } from './item-status.ts';
import type { CallerTool } from './offered-tools.ts';

interface CallBase {
  id: string;
  status: ItemStatus;
  call_id: string;
}
export interface FunctionCallItem extends CallBase {
  type: 'function_call';
  name: string;
  namespace?: string;
  arguments: string;
}
export interface CustomToolCallItem extends CallBase {
  type: 'custom_tool_call';
  name: string;
  namespace?: string;
  input: string;
}
/** A call whose input is one text, which can be told while it comes. */
export type TextCallItem = FunctionCallItem | CustomToolCallItem;
/** A call of a tool that clients know by heart, which is told at once. */
export type OwnCallItem =
  | (CallBase & { type: 'local_shell_call'; action: ReturnType<typeof toLocalShellAction> })
  | (CallBase & { type: 'shell_call'; action: ReturnType<typeof toShellAction>; environment: null })
  | (CallBase & { type: 'apply_patch_call'; operation: ReturnType<typeof toPatchOperation> });
export type CallItem = TextCallItem | OwnCallItem;

/** A provider that names no call id gets one of ours: the caller needs it to answer the call. */
const baseOf = (prefix: string, key: string, { id }: CallHead): CallBase => ({
  id: `${prefix}_${key}`,
  status: 'in_progress',
  call_id: id ?? `call_${key}`,
});

/** @param key makes ids of one response differ from those of another, and from each other */
export function newTextCall(key: string, head: CallHead, { form, name, namespace }: CallerTool): TextCallItem {
  const named = { name, ...(namespace !== undefined && { namespace }) };
  if (form === 'custom') return { ...baseOf('ctc', key, head), type: 'custom_tool_call', ...named, input: '' };
  return { ...baseOf('fc', key, head), type: 'function_call', ...named, arguments: '' };
}

/**
 * @param key as for `newTextCall`
 * @param call with its input as JSON text
 * @throws ServiceError `provider_unavailable` when the input is none of the tool
 */
export function newOwnCall(
  key: string,
  { head, tool, input }: { head: CallHead; tool: CallerTool; input: string },
): OwnCallItem {
  const given = (input.trim() === '' ? {} : JSON.parse(input)) as Record<string, unknown>;
  switch (tool.form) {
    case 'local_shell':
      return { ...baseOf('lsh', key, head), type: 'local_shell_call', action: toLocalShellAction(given) };
    case 'shell':
      return { ...baseOf('sh', key, head), type: 'shell_call', action: toShellAction(given), environment: null };
    default:
      return { ...baseOf('apc', key, head), type: 'apply_patch_call', operation: toPatchOperation(given) };
  }
}
