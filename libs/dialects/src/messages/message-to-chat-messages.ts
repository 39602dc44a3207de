import { ChatTranscript, type ChatMessage, type TextPart, type UserPart } from '../chat/chat-transcript.ts';
import type { AssistantBlock, Message, ResultPart, UserBlock } from './message-content.ts';
import type { TokenCountRequest } from './message-request.ts';

type ToolResult = Extract<UserBlock, { type: 'tool_result' }>;
type TextBlock = Extract<ResultPart, { type: 'text' }>;
type Attachment = Extract<ResultPart, { type: 'image' | 'document' }>;

/** The conversation of a messages request as chat messages. */
export function toChatMessages(request: Pick<TokenCountRequest, 'system' | 'messages'>): ChatMessage[] {
  const transcript = new ChatTranscript();
  const { system } = request;
  const instructions = typeof system === 'string' ? system : toInstructions(system ?? []);
  if (instructions.length > 0) transcript.system(instructions);
  for (const message of request.messages) write(message, transcript);
  return transcript.finish();
}

function write(message: Message, transcript: ChatTranscript): void {
  const { role, content } = message;
  if (role === 'system') transcript.system(typeof content === 'string' ? content : toInstructions(content));
  else if (role === 'user') writeUser(content, transcript);
  else if (typeof content === 'string') transcript.answered(content);
  else for (const block of content) writeAnswer(block, transcript);
}

/** One text, or parts where a mark of caching stands between them. */
function toInstructions(blocks: readonly TextBlock[]): string | TextPart[] {
  if (!blocks.some((block) => block.cache_control)) return blocks.map((block) => block.text).join('\n\n');
  return blocks.map((block) => ({ type: 'text', text: block.text, ...markOf(block) }));
}

const markOf = ({ cache_control: mark }: Pick<TextBlock, 'cache_control'>) => (mark ? { cache_control: mark } : {});

/** Results go first: a chat wants them right after the calls they answer. */
function writeUser(content: string | UserBlock[], transcript: ChatTranscript): void {
  if (typeof content === 'string') return transcript.user(content);
  const results = content.filter((block) => block.type === 'tool_result');
  for (const result of results) writeResult(result, transcript);
  const parts = content.filter((block) => block.type !== 'tool_result').map(toUserPart);
  if (parts.length > 0) transcript.user(parts);
}

/** A chat has no flag for a failed call, so that the text says it. */
function writeResult(result: ToolResult, transcript: ChatTranscript): void {
  const parts: ResultPart[] =
    typeof result.content === 'string' ? [{ type: 'text', text: result.content }] : (result.content ?? []);
  const text = parts.map((part) => textOf(part) ?? '').join('');
  const attachments = parts.filter((part) => textOf(part) === undefined).map(toUserPart);
  transcript.resulted(result.tool_use_id, result.is_error ? `Error: ${text}` : text, attachments);
}

function writeAnswer(block: AssistantBlock, transcript: ChatTranscript): void {
  switch (block.type) {
    case 'text':
      return transcript.answered(block.text);
    case 'thinking':
      return transcript.reasoned(block.thinking);
    case 'tool_use':
      return transcript.called({
        id: block.id,
        type: 'function',
        function: { name: block.name, arguments: JSON.stringify(block.input ?? {}) },
      });
    case 'redacted_thinking':
      return;
  }
}

/** What a block says where only text can stand; undefined for pictures and documents. */
function textOf(block: ResultPart): string | undefined {
  switch (block.type) {
    case 'text':
      return block.text;
    case 'search_result':
      return [`${block.title} (${block.source})`, ...block.content.map((part) => part.text)].join('\n');
    case 'tool_reference':
      return `Tool "${block.tool_name}" is available.`;
    default:
      return undefined;
  }
}

function toUserPart(block: ResultPart): UserPart {
  const text = textOf(block);
  if (text !== undefined) return { type: 'text', text, ...markOf(block) };
  return { ...toAttachment(block as Attachment), ...markOf(block) };
}

function toAttachment({ source }: Attachment): UserPart {
  if (source.type === 'url') return { type: 'image_url', image_url: { url: source.url } };
  if (source.type === 'text') return { type: 'text', text: source.data };
  const url = `data:${source.media_type};base64,${source.data}`;
  if (source.media_type === 'application/pdf')
    return { type: 'file', file: { file_data: url, filename: 'document.pdf' } };
  return { type: 'image_url', image_url: { url } };
}
