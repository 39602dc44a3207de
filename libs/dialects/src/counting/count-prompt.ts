import type { TokenizerFamily } from '@orgn/contracts';
import type { ChatMessage } from '../chat/chat-transcript.ts';
import { estimatePromptTokens } from './estimate-prompt.ts';

/** What a prompt is likely to be, and what holds for certain. */
export interface TokenCount {
  /** What it is likely to be; an estimate. */
  input_tokens: number;
  /** What it cannot be more than. */
  input_tokens_bound: number;
}

/** Tokens of one image, whatever its size: above what current vision models make of their largest one. */
const IMAGE_TOKENS = 16_384;
/** What a chat template writes around one message. */
const MESSAGE_TOKENS = 16;
/** What a chat template writes around the whole, and around a list of tools. */
const TEMPLATE_TOKENS = 512;

/**
 * Estimates the tokens of a conversation, and bounds them from above. The bound needs no tokenizer: a byte-level one never
 * makes more tokens than there are bytes, so text counts one token a byte of UTF-8, which is three to five times what
 * English text comes to. Images count a fixed number each.
 * @param family whose tokens to estimate in
 */
export function countPrompt(
  messages: readonly ChatMessage[],
  tools: readonly object[],
  family?: TokenizerFamily,
): TokenCount {
  const images = messages.flatMap(({ content }) =>
    Array.isArray(content) ? content.filter((part) => part.type === 'image_url') : [],
  );
  const text = JSON.stringify([messages, tools], (name, value: unknown) => (name === 'image_url' ? null : value));
  const bound =
    Buffer.byteLength(text) + images.length * IMAGE_TOKENS + messages.length * MESSAGE_TOKENS + TEMPLATE_TOKENS;
  return {
    input_tokens: Math.min(estimatePromptTokens({ messages, tools }, family), bound),
    input_tokens_bound: bound,
  };
}
