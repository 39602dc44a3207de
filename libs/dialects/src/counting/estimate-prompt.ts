import type { TokenizerFamily } from '@orgn/contracts';
import { likelyTokens } from './estimate-tokens.ts';
import { usualTokenizer } from './tokenizer-family.ts';

/** What a request has its model read, in any dialect that providers speak. */
interface Prompt {
  messages?: unknown;
  tools?: unknown;
  functions?: unknown;
  prompt?: unknown;
  input?: unknown;
  query?: unknown;
  documents?: unknown;
}

/** What templates write around a message, around all of them and around a list of tools; roughly, they differ. */
const MESSAGE_TOKENS = 4;
const TEMPLATE_TOKENS = 3;
const TOOLS_TOKENS = 100;
/** An image of a usual size. */
const IMAGE_TOKENS = 1_000;
/** Characters of base64 that make a token: sound at 16 kB and 25 tokens a second, documents at 60 kB and 1,500 tokens a page. */
const AUDIO_CHARACTERS = 850;
const FILE_CHARACTERS = 55;

/** Members that say what a part is, not what the model reads. */
const unread = new Set(['type', 'role', 'id', 'tool_call_id', 'cache_control', 'mime_type', 'detail', 'format']);

/**
 * How many tokens the prompt of a request is likely to be: its texts by `estimateTokens`, an image 1,000, sound and
 * documents by their size. For what is shown, and for usage that nobody else counted.
 * @param request of an endpoint that providers have: chat, completions, embeddings or rerank
 */
export function estimatePromptTokens(request: object, family: TokenizerFamily = usualTokenizer): number {
  const { messages, tools, functions, prompt, input, query, documents }: Prompt = request;
  const texts = [prompt, input, documents].map((text) => tokensOf(text, family));
  // A reranker reads the query again with each document.
  const queries = tokensOf(query, family) * (Array.isArray(documents) ? documents.length : 1);
  const lists = [tools, functions].map((list) => toolTokens(list, family));
  const all = [...texts, queries, ...lists, conversationTokens(messages, family)];
  return Math.ceil(all.reduce((sum, tokens) => sum + tokens));
}

function conversationTokens(messages: unknown, family: TokenizerFamily): number {
  if (!Array.isArray(messages)) return 0;
  return TEMPLATE_TOKENS + messages.length * MESSAGE_TOKENS + tokensOf(messages, family);
}

function toolTokens(tools: unknown, family: TokenizerFamily): number {
  if (!Array.isArray(tools) || tools.length === 0) return 0;
  return TOOLS_TOKENS + likelyTokens(JSON.stringify(tools), family);
}

function tokensOf(value: unknown, family: TokenizerFamily): number {
  if (typeof value === 'string') return likelyTokens(value, family);
  // A prompt may be tokens already.
  if (typeof value === 'number') return 1;
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + tokensOf(item, family), 0);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce((sum, [name, member]) => sum + memberTokens(name, member, family), 0);
}

function memberTokens(name: string, member: unknown, family: TokenizerFamily): number {
  if (unread.has(name)) return 0;
  if (name === 'image_url') return IMAGE_TOKENS;
  if (name === 'input_audio') return textLength(member, 'data') / AUDIO_CHARACTERS;
  if (name === 'file') return textLength(member, 'file_data') / FILE_CHARACTERS;
  return tokensOf(member, family);
}

function textLength(value: unknown, name: string): number {
  const text = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
  return typeof text === 'string' ? text.length : 0;
}
