import { isObject } from '../http/read-body.ts';
import { countTokens } from '../text/tokens.ts';
import type { ChatMessage } from './chat-request.ts';

const perMessage = 3;
const perMediaPart = 85;

/**
 * Prompt tokens of a chat: three a message, the words of its text (see countTokens), 85 for each image, file or
 * audio part, and the words of the tool definitions. Never more than the request's bytes, which is what the
 * gateway's price ceiling assumes of byte-level tokenizers.
 */
export function countPromptTokens(messages: readonly ChatMessage[], tools: unknown, bodyBytes: number): number {
  const counted = messages.reduce((sum, message) => sum + perMessage + messageTokens(message), 0);
  return Math.min(bodyBytes, counted + jsonTokens(tools));
}

function messageTokens(message: ChatMessage): number {
  return contentTokens(message.content) + jsonTokens(message.tool_calls);
}

function contentTokens(content: unknown): number {
  if (typeof content === 'string') return countTokens(content);
  if (!Array.isArray(content)) return 0;
  return content.reduce<number>((sum, part) => sum + partTokens(part), 0);
}

function partTokens(part: unknown): number {
  if (!isObject(part)) return 0;
  return typeof part.text === 'string' ? countTokens(part.text) : perMediaPart;
}

function jsonTokens(value: unknown): number {
  return value === undefined || value === null ? 0 : countTokens(JSON.stringify(value));
}
