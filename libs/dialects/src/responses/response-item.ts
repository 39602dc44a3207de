import type { CallHead } from '../sequence/answer-sequence.ts';

export type ItemStatus = 'in_progress' | 'completed' | 'incomplete';

export type MessagePart =
  { type: 'output_text'; text: string; annotations: []; logprobs: unknown[] } | { type: 'refusal'; refusal: string };
export interface ReasoningPart {
  type: 'reasoning_text';
  text: string;
}

export interface MessageItem {
  id: string;
  type: 'message';
  status: ItemStatus;
  role: 'assistant';
  content: MessagePart[];
}
export interface ReasoningItem {
  id: string;
  type: 'reasoning';
  status: ItemStatus;
  summary: [];
  content: ReasoningPart[];
}
export interface FunctionCallItem {
  id: string;
  type: 'function_call';
  status: ItemStatus;
  call_id: string;
  name: string;
  arguments: string;
}
export interface CustomToolCallItem {
  id: string;
  type: 'custom_tool_call';
  status: ItemStatus;
  call_id: string;
  name: string;
  input: string;
}
export type CallItem = FunctionCallItem | CustomToolCallItem;

/** One thing that an answer consists of, as OpenAI shows it. */
export type OutputItem = MessageItem | ReasoningItem | CallItem;

/** @param key makes ids of one response differ from those of another, and from each other */
export function newMessage(key: string): MessageItem {
  return { id: `msg_${key}`, type: 'message', status: 'in_progress', role: 'assistant', content: [] };
}

export function newReasoning(key: string): ReasoningItem {
  return { id: `rs_${key}`, type: 'reasoning', status: 'in_progress', summary: [], content: [] };
}

/** A provider that names no call id gets one of ours: the caller needs it to answer the call. */
export function newCall(key: string, { id, kind, name }: CallHead): CallItem {
  const call_id = id ?? `call_${key}`;
  if (kind === 'custom')
    return { id: `ctc_${key}`, type: 'custom_tool_call', status: 'in_progress', call_id, name, input: '' };
  return { id: `fc_${key}`, type: 'function_call', status: 'in_progress', call_id, name, arguments: '' };
}
