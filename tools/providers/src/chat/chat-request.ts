import { isObject } from '../http/read-body.ts';
import { badRequest } from '../http/refusal.ts';
import { textOfContent } from '../text/content.ts';

export interface ChatMessage {
  readonly role: string;
  readonly content?: unknown;
  readonly tool_calls?: unknown;
}

export interface Tool {
  readonly name: string;
  readonly parameters: Record<string, unknown>;
}

/** What of a chat completion request decides the answer. */
export interface ChatRequest {
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  /** All tools offered, as sent: part of the prompt. */
  readonly tools: unknown;
  readonly offeredTools: readonly Tool[];
  /** The tools of which one must be called; empty when the caller does not demand a call. */
  readonly demandedTools: readonly Tool[];
  /** JSON schema of the text, `{}` for any JSON object, undefined for plain text. */
  readonly schema: Record<string, unknown> | undefined;
  /** Most tokens a choice may have, undefined when the caller sets no limit. */
  readonly maxTokens: number | undefined;
  readonly choices: number;
  readonly seed: string;
  readonly stop: readonly string[];
  /** Number of alternatives for each token, undefined when no log probabilities are asked for. */
  readonly topLogprobs: number | undefined;
  readonly stream: boolean;
  readonly includeUsage: boolean;
  readonly continuousUsage: boolean;
  readonly zeroDataRetention: boolean;
}

type Body = Record<string, unknown>;

/** Reads a chat completion request. Throws a 400 Refusal that names the first faulty field. */
export function parseChatRequest(body: Body): ChatRequest {
  const streamOptions = objectAt(body, 'stream_options');
  return {
    model: modelOf(body),
    messages: messagesOf(body),
    tools: body.tools,
    offeredTools: toolsOf(body.tools),
    demandedTools: demandedToolsOf(body),
    schema: schemaOf(body),
    maxTokens: maxTokensOf(body),
    choices: countAt(body, 'n', 128) ?? 1,
    seed: JSON.stringify(body.seed ?? null),
    stop: stopOf(body),
    topLogprobs: body.logprobs === true ? Number(body.top_logprobs ?? 0) : undefined,
    stream: flagAt(body, 'stream'),
    includeUsage: streamOptions.include_usage === true,
    continuousUsage: streamOptions.continuous_usage_stats === true,
    zeroDataRetention: wantsZeroDataRetention(body),
  };
}

/** The model a request names. Throws a 400 Refusal when there is none. */
export function modelOf(body: Body): string {
  const model = body.model;
  if (typeof model !== 'string' || model === '') throw badRequest('model', 'Field required: model');
  return model;
}

/** Whether the request carries Vercel's flag for providers that retain nothing. */
export function wantsZeroDataRetention(body: Body): boolean {
  return objectAt(objectAt(body, 'providerOptions'), 'gateway').zeroDataRetention === true;
}

/** The text of the last message of the user, its text parts joined. */
export function lastUserText(messages: readonly ChatMessage[]): string {
  return textOfContent(messages.findLast((message) => message.role === 'user')?.content);
}

/** A positive whole number of at most `most`, undefined when the field is absent or null. */
export function countAt(body: Body, name: string, most = Number.MAX_SAFE_INTEGER): number | undefined {
  const value = body[name] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw badRequest(name, `${name} must be a positive integer`);
}

function messagesOf(body: Body): readonly ChatMessage[] {
  const { messages } = body;
  if (!Array.isArray(messages) || messages.length === 0) throw badRequest('messages', 'Field required: messages');
  return messages.map(toMessage);
}

function toMessage(value: unknown): ChatMessage {
  if (!isObject(value) || typeof value.role !== 'string') {
    throw badRequest('messages', 'messages must be a list of objects with a role');
  }
  return { role: value.role, content: value.content, tool_calls: value.tool_calls };
}

function maxTokensOf(body: Body): number | undefined {
  const limits = [countAt(body, 'max_tokens'), countAt(body, 'max_completion_tokens')];
  const given = limits.filter((limit) => limit !== undefined);
  return given.length === 0 ? undefined : Math.min(...given);
}

function stopOf(body: Body): readonly string[] {
  const stop = body.stop ?? [];
  const list = Array.isArray(stop) ? stop : [stop];
  if (!list.every((text) => typeof text === 'string')) throw badRequest('stop', 'stop must be a string or strings');
  return list.filter((text) => text !== '');
}

function schemaOf(body: Body): Record<string, unknown> | undefined {
  const format = objectAt(body, 'response_format');
  if (format.type === 'json_object') return {};
  if (format.type !== 'json_schema') return undefined;
  return objectAt(objectAt(format, 'json_schema'), 'schema');
}

function demandedToolsOf(body: Body): readonly Tool[] {
  const choice = body.tool_choice;
  const tools = toolsOf(body.tools);
  if (choice === 'required') return tools.length > 0 ? tools : refuseToolChoice();
  if (!isObject(choice)) return [];
  const named = tools.filter((tool) => tool.name === objectAt(choice, 'function').name);
  return named.length > 0 ? named : refuseToolChoice();
}

function refuseToolChoice(): never {
  throw badRequest('tool_choice', 'tool_choice demands a tool that tools does not list');
}

function toolsOf(tools: unknown): readonly Tool[] {
  if (!Array.isArray(tools)) return [];
  return tools.filter(isObject).map((tool) => {
    const definition = objectAt(tool, 'function');
    return { name: textAt(definition, 'name'), parameters: objectAt(definition, 'parameters') };
  });
}

function objectAt(body: Body, name: string): Body {
  const value = body[name] ?? {};
  if (!isObject(value)) throw badRequest(name, `${name} must be an object`);
  return value;
}

function textAt(body: Body, name: string): string {
  const value = body[name];
  return typeof value === 'string' ? value : '';
}

function flagAt(body: Body, name: string): boolean {
  const value = body[name] ?? false;
  if (typeof value !== 'boolean') throw badRequest(name, `${name} must be a boolean`);
  return value;
}
