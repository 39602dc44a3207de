import type { CallItem } from './call-item.ts';
import type { ItemStatus } from './item-status.ts';

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
  /** The same text once more: what clients show of reasoning is its summary. */
  summary: { type: 'summary_text'; text: string }[];
  content: ReasoningPart[];
  /** All of it, sealed, where the caller asked for that. */
  encrypted_content?: string;
}
/** One thing that an answer consists of, as OpenAI shows it. */
export type OutputItem = MessageItem | ReasoningItem | CallItem;

/** @param key makes ids of one response differ from those of another, and from each other */
export function newMessage(key: string): MessageItem {
  return { id: `msg_${key}`, type: 'message', status: 'in_progress', role: 'assistant', content: [] };
}

export function newReasoning(key: string): ReasoningItem {
  return { id: `rs_${key}`, type: 'reasoning', status: 'in_progress', summary: [], content: [] };
}
