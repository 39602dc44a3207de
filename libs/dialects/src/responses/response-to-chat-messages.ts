import { ChatTranscript, type ChatMessage, type UserPart } from '../chat/chat-transcript.ts';
import type { InputItem, InputPart } from './response-input.ts';
import type { OfferedTools } from './offered-tools.ts';
import { writeToolItem } from './tool-items.ts';
import type { ResponseRequest } from './response-request.ts';

/** What is known of the items of a conversation. */
export interface ReadingOfItems {
  offered: OfferedTools;
  /** What sealed items hold, by their index. */
  reasoning: ReadonlyMap<number, string>;
}

/** The conversation of a responses request as chat messages. */
export function toChatMessages(
  request: Pick<ResponseRequest, 'instructions' | 'input'>,
  read: ReadingOfItems,
): ChatMessage[] {
  const transcript = new ChatTranscript();
  if (request.instructions) transcript.system(request.instructions);
  if (typeof request.input === 'string') transcript.user(request.input);
  else for (const [index, item] of request.input.entries()) write(item, index, { ...read, transcript });
  return transcript.finish();
}

function write(
  item: InputItem,
  index: number,
  { transcript, offered, reasoning }: ReadingOfItems & { transcript: ChatTranscript },
): void {
  if ('role' in item) return writeMessage(item, transcript);
  switch (item.type) {
    case 'function_call_output':
    case 'custom_tool_call_output':
      return writeOutput(item, transcript);
    case 'reasoning':
      return writeReasoning(item, reasoning.get(index), transcript);
    case 'item_reference':
      return; // The schema refuses it: this is for the compiler.
    default:
      return writeToolItem(item, transcript, offered);
  }
}

function writeMessage(message: Extract<InputItem, { role: string }>, transcript: ChatTranscript): void {
  if (message.role === 'assistant') return writeAnswer(message.content, transcript);
  const { content } = message;
  if (message.role === 'user') transcript.user(typeof content === 'string' ? content : content.map(toUserPart));
  else transcript.system(typeof content === 'string' ? content : textOf(content));
}

function writeAnswer(content: Extract<InputItem, { role: 'assistant' }>['content'], transcript: ChatTranscript): void {
  if (typeof content === 'string') return transcript.answered(content);
  for (const part of content) {
    if (part.type === 'refusal') transcript.refusal(part.refusal);
    else transcript.answered(part.text);
  }
}

function writeOutput(
  item: Extract<InputItem, { type: 'function_call_output' | 'custom_tool_call_output' }>,
  transcript: ChatTranscript,
): void {
  const { output } = item;
  if (typeof output === 'string') return transcript.resulted(item.call_id, output);
  const attachments = output.filter((part) => part.type !== 'input_text').map(toUserPart);
  transcript.resulted(item.call_id, textOf(output), attachments);
}

/** Models that reason before they call a tool want their reasoning back: what was sealed is all of it, and not edited. */
function writeReasoning(
  item: Extract<InputItem, { type: 'reasoning' }>,
  unsealed: string | undefined,
  transcript: ChatTranscript,
): void {
  const parts = item.content?.length ? item.content : (item.summary ?? []);
  const text = unsealed ?? parts.map((part) => part.text).join('\n');
  if (text) transcript.reasoned(text);
}

function textOf(parts: readonly InputPart[]): string {
  return parts.map((part) => (part.type === 'input_text' ? part.text : '')).join('');
}

function toUserPart(part: InputPart): UserPart {
  switch (part.type) {
    case 'input_text':
      return { type: 'text', text: part.text };
    case 'input_image':
      return { type: 'image_url', image_url: { url: part.image_url, detail: part.detail ?? undefined } };
    case 'input_file':
      return { type: 'file', file: { file_data: part.file_data, filename: part.filename ?? undefined } };
    case 'input_audio':
      return part;
  }
}
