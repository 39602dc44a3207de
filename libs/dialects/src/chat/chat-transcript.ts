import type { z } from 'zod';
import type { chatMessage } from './chat-message.ts';

export type ChatMessage = z.input<typeof chatMessage>;
type UserMessage = Extract<ChatMessage, { role: 'user' }>;
type AssistantMessage = Extract<ChatMessage, { role: 'assistant' }>;
export type UserPart = Exclude<UserMessage['content'], string>[number];
export type TextPart = Extract<UserPart, { type: 'text' }>;
export type ToolCall = NonNullable<AssistantMessage['tool_calls']>[number];

/**
 * Writes a conversation of another protocol as chat messages: what that protocol splits over several items (reasoning,
 * text, calls) becomes one message of the assistant, and what a chat's tool message cannot carry (images, files) follows
 * it as a message of the user.
 */
export class ChatTranscript {
  readonly #messages: ChatMessage[] = [];
  #assistant: AssistantMessage | undefined;
  #attachments: UserPart[] = [];

  system(content: string | TextPart[]): void {
    this.#next({ role: 'system', content });
  }

  user(content: string | UserPart[]): void {
    this.#next({ role: 'user', content });
  }

  /** Text of an answer; after a call too it is of the same message, since a chat wants results right after calls. */
  answered(text: string): void {
    const draft = this.#draft(() => false);
    draft.content = typeof draft.content === 'string' ? draft.content + text : text;
  }

  refusal(text: string): void {
    this.#draft(() => false).refusal = text;
  }

  reasoned(text: string): void {
    const draft = this.#draft((message) => message.content != null && message.tool_calls == null);
    draft.reasoning_content = (draft.reasoning_content ?? '') + text;
  }

  called(call: ToolCall): void {
    const draft = this.#draft(() => false);
    draft.tool_calls = [...(draft.tool_calls ?? []), call];
  }

  /** @param attachments what the tool gave besides text */
  resulted(callId: string, text: string, attachments: readonly UserPart[] = []): void {
    this.#flushAssistant();
    this.#messages.push({ role: 'tool', tool_call_id: callId, content: text });
    if (attachments.length > 0)
      this.#attachments.push({ type: 'text', text: `Attached to the result of ${callId}:` }, ...attachments);
  }

  finish(): ChatMessage[] {
    this.#flushAssistant();
    this.#flushAttachments();
    return this.#messages;
  }

  #next(message: ChatMessage): void {
    this.#flushAssistant();
    this.#flushAttachments();
    this.#messages.push(message);
  }

  /** The assistant's message that is being written, or a new one when this one is past what comes next. */
  #draft(isPast: (message: AssistantMessage) => boolean): AssistantMessage {
    if (this.#assistant && isPast(this.#assistant)) this.#flushAssistant();
    if (!this.#assistant) this.#flushAttachments();
    this.#assistant ??= { role: 'assistant' };
    return this.#assistant;
  }

  #flushAssistant(): void {
    const message = this.#assistant;
    if (!message) return;
    const content = message.content ?? (message.tool_calls || message.refusal ? null : '');
    this.#messages.push({ ...message, content });
    this.#assistant = undefined;
  }

  #flushAttachments(): void {
    if (this.#attachments.length > 0) this.#messages.push({ role: 'user', content: this.#attachments });
    this.#attachments = [];
  }
}
