import type { ChatDelta } from '../chat/chat-delta.ts';
import { isBlank } from '../sequence/call-input.ts';
import { AnswerSequence, type CallHead, type SequenceWriter, type Words } from '../sequence/answer-sequence.ts';
import { newOwnCall, newTextCall, type CallItem, type TextCallItem } from './call-item.ts';
import type { ItemStatus } from './item-status.ts';
import type { CallerTool, OfferedTools } from './offered-tools.ts';
import { customInputOf } from '../tools/custom-input.ts';
import {
  newMessage,
  newReasoning,
  type MessageItem,
  type MessagePart,
  type OutputItem,
  type ReasoningItem,
} from './response-item.ts';

type Emit = (type: string, fields: object) => void;
type Part = MessagePart | ReasoningItem['content'][number];

interface OutputOptions {
  /** Makes item ids unique. */
  key: string;
  offered: OfferedTools;
  /** Seals reasoning; undefined: nobody asked for that. */
  seal: ((reasoning: string) => string | undefined) | undefined;
}

/**
 * The output of a response while it grows: one item is open at a time, and every change of it is told as OpenAI tells
 * it (added, deltas, done).
 */
export class ResponseOutput implements SequenceWriter {
  readonly items: OutputItem[] = [];
  #open: OutputItem | undefined;
  readonly #sequence = new AnswerSequence(this);
  readonly #emit: Emit;
  readonly #key: string;
  readonly #offered: OfferedTools;
  readonly #seal: OutputOptions['seal'];
  /** A call that cannot be told before it is whole, since its input has another form there. */
  #held: { head: CallHead; tool: CallerTool } | undefined;

  /** @param emit takes an event's type and its own fields */
  constructor({ key, offered, seal }: OutputOptions, emit: Emit) {
    this.#seal = seal;
    this.#key = key;
    this.#offered = offered;
    this.#emit = emit;
  }

  /** @throws ServiceError `provider_unavailable` when a call's pieces do not fit together */
  add(delta: ChatDelta): void {
    this.#sequence.add(delta);
  }

  /**
   * Ends the output.
   * @param status `incomplete` when the answer was cut
   * @throws ServiceError `provider_unavailable` when a call's arguments are no JSON object
   */
  close(status: ItemStatus): void {
    this.#sequence.end(status === 'incomplete');
    this.#close(status);
  }

  words({ kind, text, logprobs }: Words): void {
    if (kind === 'reasoning') this.#addReasoning(text);
    else if (kind === 'text') this.#addText(text, logprobs);
    else this.#addRefusal(text);
  }

  beginCall(head: CallHead): void {
    const tool = head.kind === 'custom' ? { form: head.kind, name: head.name } : this.#offered.calledAs(head.name);
    if (tool.form === head.kind) this.#begin(newTextCall(this.#nextKey, head, tool));
    else this.#held = { head, tool };
  }

  callInput(piece: string): void {
    const item = this.#openCall;
    if (item) this.#addInput(item, piece);
  }

  /**
   * A call without arguments has an empty object of them, which its reader can parse.
   * @throws ServiceError `provider_unavailable` when they are none of the caller's tool
   */
  endCall(input: string | undefined): void {
    if (this.#held) return this.#endHeld(this.#held, input);
    const item = this.#openCall;
    if (item?.type === 'function_call' && input !== undefined && isBlank(input)) this.#addInput(item, '{}');
    this.#close(input === undefined ? 'incomplete' : 'completed');
  }

  /** A call that was cut is left out: nothing of it was told. */
  #endHeld({ head, tool }: { head: CallHead; tool: CallerTool }, input: string | undefined): void {
    this.#held = undefined;
    if (input === undefined) return;
    if (tool.form === 'custom') {
      const item = this.#begin(newTextCall(this.#nextKey, head, tool));
      this.#addInput(item, customInputOf(input));
    } else this.#begin(newOwnCall(this.#nextKey, { head, tool, input }));
    this.#close('completed');
  }

  get #at(): number {
    return this.items.length - 1;
  }

  #addInput(item: TextCallItem, delta: string): void {
    const place = { item_id: item.id, output_index: this.#at, delta };
    if (item.type === 'function_call') {
      item.arguments += delta;
      this.#emit('response.function_call_arguments.delta', place);
    } else {
      item.input += delta;
      this.#emit('response.custom_tool_call_input.delta', place);
    }
  }

  get #openCall(): TextCallItem | undefined {
    const open = this.#open;
    return open?.type === 'function_call' || open?.type === 'custom_tool_call' ? open : undefined;
  }

  #close(status: ItemStatus): void {
    const item = this.#open;
    if (!item) return;
    if (item.type === 'message' || item.type === 'reasoning') this.#closePart(item);
    else if (status === 'completed') this.#closeInput(item);
    if (item.type === 'reasoning') this.#closeReasoning(item);
    item.status = status;
    this.#emit('response.output_item.done', { output_index: this.#at, item });
    this.#open = undefined;
  }

  #addReasoning(delta: string): void {
    const item = this.#open?.type === 'reasoning' ? this.#open : this.#begin(newReasoning(this.#nextKey));
    const part = item.content[0] ?? this.#beginPart(item, { type: 'reasoning_text', text: '' });
    const summary = item.summary[0] ?? this.#beginSummary(item);
    part.text += delta;
    summary.text += delta;
    this.#emit('response.reasoning_text.delta', { ...this.#place(item), delta });
    this.#emit('response.reasoning_summary_text.delta', { ...this.#summaryPlace(item), delta });
  }

  #beginSummary(item: ReasoningItem): { text: string } {
    const part = { type: 'summary_text' as const, text: '' };
    item.summary.push(part);
    this.#emit('response.reasoning_summary_part.added', { ...this.#summaryPlace(item), part });
    return part;
  }

  #closeReasoning(item: ReasoningItem): void {
    const sealed = this.#seal?.(item.content.map((part) => part.text).join(''));
    if (sealed !== undefined) item.encrypted_content = sealed;
    for (const part of item.summary) {
      this.#emit('response.reasoning_summary_text.done', { ...this.#summaryPlace(item), text: part.text });
      this.#emit('response.reasoning_summary_part.done', { ...this.#summaryPlace(item), part });
    }
  }

  #summaryPlace(item: ReasoningItem) {
    return { item_id: item.id, output_index: this.#at, summary_index: 0 };
  }

  #addText(delta: string, logprobs: unknown[]): void {
    const item = this.#message();
    let part = item.content.at(-1);
    if (part?.type !== 'output_text') {
      if (part) this.#closePart(item);
      part = this.#beginPart(item, { type: 'output_text', text: '', annotations: [], logprobs: [] });
    }
    part.text += delta;
    for (const each of logprobs) part.logprobs.push(each);
    this.#emit('response.output_text.delta', { ...this.#place(item), delta, logprobs });
  }

  #addRefusal(delta: string): void {
    const item = this.#message();
    let part = item.content.at(-1);
    if (part?.type !== 'refusal') {
      if (part) this.#closePart(item);
      part = this.#beginPart(item, { type: 'refusal', refusal: '' });
    }
    part.refusal += delta;
    this.#emit('response.refusal.delta', { ...this.#place(item), delta });
  }

  #message(): MessageItem {
    return this.#open?.type === 'message' ? this.#open : this.#begin(newMessage(this.#nextKey));
  }

  get #nextKey(): string {
    return `${this.#key}_${this.items.length}`;
  }

  #begin<T extends OutputItem>(item: T): T {
    this.#close('completed');
    this.items.push(item);
    this.#open = item;
    this.#emit('response.output_item.added', { output_index: this.#at, item });
    return item;
  }

  #beginPart<T extends Part>(item: MessageItem | ReasoningItem, part: T): T {
    (item.content as Part[]).push(part);
    this.#emit('response.content_part.added', { ...this.#place(item), part });
    return part;
  }

  #closePart(item: MessageItem | ReasoningItem): void {
    const part = item.content.at(-1);
    if (!part) return;
    const place = this.#place(item);
    if (part.type === 'refusal') this.#emit('response.refusal.done', { ...place, refusal: part.refusal });
    else if (part.type === 'output_text')
      this.#emit('response.output_text.done', { ...place, text: part.text, logprobs: part.logprobs });
    else this.#emit('response.reasoning_text.done', { ...place, text: part.text });
    this.#emit('response.content_part.done', { ...place, part });
  }

  #closeInput(item: CallItem): void {
    if (item.type !== 'function_call' && item.type !== 'custom_tool_call') return;
    const place = { item_id: item.id, output_index: this.#at };
    if (item.type === 'function_call')
      this.#emit('response.function_call_arguments.done', { ...place, name: item.name, arguments: item.arguments });
    else this.#emit('response.custom_tool_call_input.done', { ...place, input: item.input });
  }

  #place(item: MessageItem | ReasoningItem) {
    return { item_id: item.id, output_index: this.#at, content_index: item.content.length - 1 };
  }
}
