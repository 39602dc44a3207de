import type { CallHead } from '../sequence/answer-sequence.ts';

export interface TextBlock {
  type: 'text';
  text: string;
}
export interface ThinkingBlock {
  type: 'thinking';
  thinking: string;
  /** Clients send back what is signed only; it is told at the end of the block, and means nothing but that. */
  signature: string;
}
export interface ToolUseBlock {
  type: 'tool_use';
  id: string;
  name: string;
  input: unknown;
  caller: { type: 'direct' };
}

/** What stands for Anthropic's signature where a model has none: base64 of `unsigned`. */
export const UNSIGNED = 'dW5zaWduZWQ=';

/** One block of an answer, as Anthropic shows it. */
export type ContentBlock = TextBlock | ThinkingBlock | ToolUseBlock;

export const newText = (): TextBlock => ({ type: 'text', text: '' });
export const newThinking = (): ThinkingBlock => ({ type: 'thinking', thinking: '', signature: '' });

/** A provider that names no call id gets one of ours: the caller needs it to answer the call. */
export const newToolUse = (key: string, { id, name }: CallHead): ToolUseBlock => ({
  type: 'tool_use',
  id: id ?? `toolu_${key}`,
  name,
  input: {},
  caller: { type: 'direct' },
});
