import type { WireError } from '@orgn/contracts';
import type { ProviderUsage } from '../answer/provider-usage.ts';
import { readChatDelta, type ChatDelta } from '../chat/chat-delta.ts';
import { toAnthropicError } from '../errors/anthropic-error.ts';
import { eventBytes } from '../sse/event-bytes.ts';
import type { ContentBlock } from './message-block.ts';
import { MessageOutput } from './message-output.ts';
import type { MessageRequest } from './message-request.ts';

/** What a message says of itself beyond the model's output. */
export interface MessageContext {
  /** `msg_` and what makes it unique; call ids derive from it where a provider gives none. */
  messageId: string;
  /** The gateway's id of the model that runs. */
  model: string;
  /** Also `request_id` of errors. */
  requestId: string;
  /** Tokens that the prompt is likely to have, told until the provider's figures are there. */
  promptEstimate?: () => number;
  request: MessageRequest;
}

/**
 * Turns a streamed chat answer into the events of the messages endpoint, in Anthropic's order. Give it the data of each
 * chat event but `[DONE]`; what it returns is ready to send, and may be empty.
 */
export class MessageStream {
  readonly #output: MessageOutput;
  #events: Buffer[] = [];
  #hasBegun = false;
  #last: Pick<ChatDelta, 'finishReason' | 'stopSequence'> = { finishReason: undefined, stopSequence: undefined };
  #usage: ProviderUsage | undefined;

  constructor(private readonly context: MessageContext) {
    const options = { key: context.messageId.replace(/^msg_/, ''), showsThinking: showsThinking(context.request) };
    this.#output = new MessageOutput(options, (type, fields) => {
      this.#emit(type, fields);
    });
  }

  /**
   * @param json the data of one chat event
   * @throws ServiceError `provider_unavailable` when it is unreadable; end with `fail` then
   */
  push(json: Buffer): Buffer {
    const delta = readChatDelta(json);
    this.#usage = delta.usage ?? this.#usage;
    this.#begin();
    if (delta.finishReason) this.#last = delta;
    this.#output.add(delta);
    return this.#take();
  }

  /**
   * The events that end a whole answer. They say that it is complete: send them once its usage is stored.
   * @throws ServiceError `provider_unavailable` when the arguments of the last call are malformed
   */
  finish(): Buffer {
    this.#begin();
    this.#output.close(this.#isCut);
    const { stop_reason, stop_sequence, stop_details, container } = this.#object();
    this.#emit('message_delta', {
      delta: { stop_reason, stop_sequence, stop_details, container },
      usage: toDeltaUsage(this.#usage),
    });
    this.#emit('message_stop', {});
    return this.#take();
  }

  /** The event that ends a stream which failed. */
  fail(error: WireError): Buffer {
    return messageErrorEvent(error, this.context.requestId);
  }

  /** Closes what is open and gives the whole message. */
  complete() {
    this.#output.close(this.#isCut);
    return this.#object();
  }

  #begin(): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    const message = this.#object();
    const usage = this.#usage
      ? message.usage
      : { ...message.usage, input_tokens: this.context.promptEstimate?.() ?? 0 };
    this.#emit('message_start', { message: { ...message, stop_reason: null, usage } });
    this.#emit('ping', {});
  }

  #object() {
    const { finishReason, stopSequence } = this.#last;
    const stopReason = toStopReason(finishReason, this.#output.blocks.at(-1)?.type);
    const stop = stopReason === 'end_turn' && this.#isAsked(stopSequence) ? stopSequence : undefined;
    return {
      id: this.context.messageId,
      type: 'message' as const,
      role: 'assistant' as const,
      model: this.context.model,
      content: this.#output.blocks,
      stop_reason: stop === undefined ? stopReason : 'stop_sequence',
      stop_sequence: stop ?? null,
      stop_details: null,
      container: null,
      usage: { ...toDeltaUsage(this.#usage), cache_creation: null, service_tier: 'standard' },
    };
  }

  get #isCut(): boolean {
    return this.#last.finishReason === 'length';
  }

  #isAsked(stopSequence: string | undefined): boolean {
    return stopSequence !== undefined && (this.context.request.stop_sequences ?? []).includes(stopSequence);
  }

  #emit(type: string, fields: object): void {
    this.#events.push(eventBytes(type, { type, ...fields }));
  }

  #take(): Buffer {
    const events = Buffer.concat(this.#events);
    this.#events = [];
    return events;
  }
}

/**
 * Turns a whole chat answer into a message.
 * @throws ServiceError `provider_unavailable` when the answer is unreadable
 */
export function toMessage(chatAnswer: Buffer, context: MessageContext): Buffer {
  const stream = new MessageStream(context);
  stream.push(chatAnswer);
  return Buffer.from(JSON.stringify(stream.complete()));
}

/** The event that ends a stream whose translator is not at hand. */
export function messageErrorEvent(error: WireError, requestId: string): Buffer {
  return eventBytes('error', toAnthropicError(error, requestId));
}

/** Thinking is shown to those who asked for it, as Anthropic does. */
function showsThinking({ thinking }: MessageRequest): boolean {
  if (!thinking || thinking.type === 'disabled') return false;
  return thinking.display !== 'omitted';
}

/** Some providers say `stop` after a call; the caller has to answer it all the same. */
function toStopReason(finishReason: string | undefined, last: ContentBlock['type'] | undefined): string {
  switch (finishReason) {
    case 'length':
      return 'max_tokens';
    case 'tool_calls':
    case 'function_call':
      return 'tool_use';
    case 'content_filter':
      return 'refusal';
    default:
      return last === 'tool_use' ? 'tool_use' : 'end_turn';
  }
}

/** Anthropic counts what came from a cache, or went into one, apart from the rest of the input. */
function toDeltaUsage(usage: ProviderUsage | undefined) {
  const { promptTokens = 0, cachedTokens = 0, cacheWriteTokens = 0, completionTokens = 0 } = usage ?? {};
  return {
    input_tokens: promptTokens - cachedTokens - cacheWriteTokens,
    cache_creation_input_tokens: cacheWriteTokens,
    cache_read_input_tokens: cachedTokens,
    output_tokens: completionTokens,
    output_tokens_details: { thinking_tokens: usage?.reasoningTokens ?? 0 },
    server_tool_use: null,
  };
}
