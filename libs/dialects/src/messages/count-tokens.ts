import type { TokenCountRequest } from './message-request.ts';
import { toChatMessages } from './message-to-chat-messages.ts';
import { toChatTools } from './message-to-chat-request.ts';

/** Anthropic's answer, and what it is worth. */
export interface TokenCount {
  input_tokens: number;
  /** A bound from above, not the exact number. */
  estimate: 'upper_bound';
}

/** Tokens of one image, whatever its size: above what current vision models make of their largest one. */
const IMAGE_TOKENS = 16_384;
/** What a chat template writes around one message. */
const MESSAGE_TOKENS = 16;
/** What a chat template writes around the whole, and around a list of tools. */
const TEMPLATE_TOKENS = 512;

/**
 * Bounds the tokens of a conversation from above. There is no tokenizer here, since each model has its own: a byte-level
 * tokenizer never makes more tokens than there are bytes, so text counts one token a byte of UTF-8, which is three to five
 * times what English text comes to. Images count a fixed number each.
 */
export function countTokens(request: TokenCountRequest): TokenCount {
  const messages = toChatMessages(request);
  const tools = toChatTools(request.tools) ?? [];
  const images = messages.flatMap((message) =>
    Array.isArray(message.content) ? message.content.filter((part) => part.type === 'image_url') : [],
  );
  const text = JSON.stringify([messages, tools], (name, value: unknown) => (name === 'image_url' ? null : value));
  const input_tokens =
    Buffer.byteLength(text) + images.length * IMAGE_TOKENS + messages.length * MESSAGE_TOKENS + TEMPLATE_TOKENS;
  return { input_tokens, estimate: 'upper_bound' };
}
