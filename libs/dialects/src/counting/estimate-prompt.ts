import type { TokenizerFamily } from '@orgn/contracts';
import { likelyTokens } from './estimate-tokens.ts';
import { sampleTexts, type PromptPiece, type PromptSample } from './prompt-sample.ts';
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
/** Code units of a prompt that are looked at: a longer one is sampled. */
const MOST_LOOKED_AT = 256 * 1024;

/** Members that say what a part is, not what the model reads. */
const unread = new Set(['type', 'role', 'id', 'tool_call_id', 'cache_control', 'mime_type', 'detail', 'format']);

/**
 * How many tokens the prompt of a request is likely to be: its texts by `estimateTokens`, an image 1,000, sound and
 * documents by their size. For what is shown, and for usage that nobody else counted.
 * @param request of an endpoint that providers have: chat, completions, embeddings or rerank
 */
export function estimatePromptTokens(request: object, family?: TokenizerFamily): number {
  return sampledTokens(samplePrompt(request), family);
}

/**
 * What such an estimate goes by, for later.
 * @param maxLength code units of text in it
 */
export function samplePrompt(request: object, maxLength = MOST_LOOKED_AT): PromptSample {
  const { messages, tools, functions, prompt, input, query, documents }: Prompt = request;
  const found = new PromptTexts();
  for (const text of [prompt, input, documents]) found.add(text);
  // A reranker reads the query again with each document.
  found.add(query, Array.isArray(documents) ? documents.length : 1);
  for (const list of [tools, functions]) found.addTools(list);
  found.addConversation(messages);
  return sampleTexts(found.texts, found.fixed, maxLength);
}

/** The estimate that a sample gives. */
export function sampledTokens({ pieces, fixed }: PromptSample, family: TokenizerFamily = usualTokenizer): number {
  return Math.ceil(pieces.reduce((sum, { text, weight }) => sum + weight * likelyTokens(text, family), fixed));
}

/** The texts of a prompt, and what is known of it without them. */
class PromptTexts {
  readonly texts: PromptPiece[] = [];
  fixed = 0;

  add(value: unknown, weight = 1): void {
    if (typeof value === 'string') this.texts.push({ text: value, weight });
    // A prompt may be tokens already.
    else if (typeof value === 'number') this.fixed += weight;
    else if (Array.isArray(value)) for (const item of value) this.add(item, weight);
    else this.#addMembers(value);
  }

  addConversation(messages: unknown): void {
    if (!Array.isArray(messages)) return;
    this.fixed += TEMPLATE_TOKENS + messages.length * MESSAGE_TOKENS;
    this.add(messages);
  }

  addTools(tools: unknown): void {
    if (!Array.isArray(tools) || tools.length === 0) return;
    this.fixed += TOOLS_TOKENS;
    this.add(JSON.stringify(tools));
  }

  #addMembers(value: unknown): void {
    if (typeof value !== 'object' || value === null) return;
    for (const [name, member] of Object.entries(value)) this.#addMember(name, member);
  }

  #addMember(name: string, member: unknown): void {
    if (unread.has(name)) return;
    if (name === 'image_url') this.fixed += IMAGE_TOKENS;
    else if (name === 'input_audio') this.fixed += textLength(member, 'data') / AUDIO_CHARACTERS;
    else if (name === 'file') this.fixed += textLength(member, 'file_data') / FILE_CHARACTERS;
    else this.add(member);
  }
}

function textLength(value: unknown, name: string): number {
  const text = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
  return typeof text === 'string' ? text.length : 0;
}
