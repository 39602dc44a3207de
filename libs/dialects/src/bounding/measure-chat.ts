import { outputLimitOf, type LimitedRequest } from '../request/output-limit.ts';
import { emptyMeasure, longestSeconds, type PromptMeasure, type RequestMeasure } from './prompt-measure.ts';
import { jsonBytes, quotedBytes, textBytes } from './text-bytes.ts';

/** As much of a chat request as its size follows from. Whatever else it has is taken to be read by the model. */
interface MeasuredChat extends LimitedRequest {
  messages: readonly object[];
  tools?: readonly unknown[] | null | undefined;
  functions?: readonly unknown[] | null | undefined;
  n?: number | null | undefined;
}

/** Members that no template writes into a prompt. */
const unread: ReadonlySet<string> = new Set([
  ...['messages', 'model', 'models', 'metadata', 'user', 'safety_identifier', 'prompt_cache_key'],
  ...['logit_bias', 'stop', 'bad_words', 'stop_token_ids', 'allowed_token_ids'],
]);
/** What a template may write around one argument of a call instead of a colon. */
const ARGUMENT_BYTES = 12;
/** Base64 is four characters for three bytes. */
const BYTES_PER_CHARACTER = 3 / 4;

/** Measures a chat request as a provider gets it. */
export function measureChat(request: MeasuredChat): RequestMeasure {
  const prompt = emptyMeasure();
  for (const message of request.messages) addMessage(prompt, message);
  prompt.messages = request.messages.length;
  prompt.tools = [request.tools, request.functions].flatMap((list) => list ?? []).length;
  for (const [name, value] of membersOf(request))
    if (!unread.has(name) && !isSwitch(value)) prompt.bytes += jsonBytes(value);
  return { prompt, choices: request.n ?? 1, outputLimit: outputLimitOf(request) };
}

const isSwitch = (value: unknown) => typeof value === 'number' || typeof value === 'boolean';
/** What is null says nothing. */
const membersOf = (value: object) =>
  Object.entries(value as Record<string, unknown>).filter(([, member]) => member !== undefined && member !== null);

interface Message {
  role?: unknown;
  content?: unknown;
}

function addMessage(prompt: PromptMeasure, { role, content, ...others }: Message): void {
  // What tools answer is quoted by some templates.
  const bytesOf = role === 'tool' || role === 'function' ? quotedBytes : textBytes;
  if (typeof content === 'string') prompt.bytes += bytesOf(content);
  else if (Array.isArray(content)) for (const part of content) addPart(prompt, part as Part, bytesOf);
  for (const [name, value] of membersOf(others)) prompt.bytes += jsonBytes(value) + argumentBytes(name, value);
}

/** Some templates read the arguments of calls and write them anew. */
function argumentBytes(name: string, value: unknown): number {
  if (name === 'function_call') return colons((value as Call).arguments) * ARGUMENT_BYTES;
  if (name !== 'tool_calls' || !Array.isArray(value)) return 0;
  const calls = value as { function?: Call }[];
  return calls.reduce((sum, call) => sum + colons(call.function?.arguments) * ARGUMENT_BYTES, 0);
}

interface Call {
  arguments?: unknown;
}

function colons(text: unknown): number {
  if (typeof text !== 'string') return 0;
  let count = 0;
  for (let at = text.indexOf(':'); at >= 0; at = text.indexOf(':', at + 1)) count += 1;
  return count;
}

interface Part {
  type?: unknown;
  text?: unknown;
  input_audio?: { data?: unknown };
  file?: { file_data?: unknown; filename?: unknown };
}

function addPart(prompt: PromptMeasure, part: Part, bytesOf: (text: string) => number): void {
  if (part.type === 'image_url') prompt.images += 1;
  else if (part.type === 'input_audio') prompt.audioSeconds += longestSeconds(bytesOfBase64(part.input_audio?.data));
  else if (part.type === 'file') addFile(prompt, part.file);
  else prompt.bytes += typeof part.text === 'string' ? bytesOf(part.text) + 1 : jsonBytes(part);
}

/** A document may be plain text. */
function addFile(prompt: PromptMeasure, file: Part['file']): void {
  prompt.files += 1;
  prompt.bytes += bytesOfBase64(file?.file_data) + jsonBytes(file?.filename ?? '');
}

function bytesOfBase64(data: unknown): number {
  return typeof data === 'string' ? Math.ceil(data.length * BYTES_PER_CHARACTER) : 0;
}
