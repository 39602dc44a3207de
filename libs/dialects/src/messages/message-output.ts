import type { ChatDelta } from '../chat/chat-delta.ts';
import { AnswerSequence, type CallHead, type SequenceWriter, type Words } from '../sequence/answer-sequence.ts';
import { newText, newThinking, newToolUse, UNSIGNED, type ContentBlock, type ThinkingBlock } from './message-block.ts';

type Emit = (type: string, fields: object) => void;

/** The content of a message while it grows: one block is open at a time. */
export class MessageOutput implements SequenceWriter {
  readonly blocks: ContentBlock[] = [];
  readonly #sequence = new AnswerSequence(this);
  #open: ContentBlock | undefined;
  #index = -1;

  /** @param options key makes call ids unique; without `showsThinking` reasoning is left out */
  constructor(
    private readonly options: { key: string; showsThinking: boolean },
    private readonly emit: Emit,
  ) {}

  /** @throws ServiceError `provider_unavailable` when a call's pieces do not fit together */
  add(delta: ChatDelta): void {
    this.#sequence.add(delta);
  }

  /**
   * Ends the content.
   * @param isCut the answer met its limit, so that the arguments of a call may be half of themselves
   * @throws ServiceError `provider_unavailable` when a call's arguments are no JSON object
   */
  close(isCut = false): void {
    this.#sequence.end(isCut);
    this.#close();
  }

  words({ kind, text }: Words): void {
    if (kind !== 'reasoning') this.#addText(text);
    else if (this.options.showsThinking) this.#addThinking(text);
  }

  beginCall(head: CallHead): void {
    this.#begin(newToolUse(`${this.options.key}_${this.#index + 1}`, head));
  }

  callInput(piece: string): void {
    this.#emitDelta({ type: 'input_json_delta', partial_json: piece });
  }

  /** A call that was cut stands in no whole message: its arguments are not what the model meant. */
  endCall(input: string | undefined): void {
    const block = this.#open;
    if (block?.type !== 'tool_use') return;
    if (input === undefined) this.blocks.pop();
    else if (input.trim() !== '') block.input = JSON.parse(input) as unknown;
    this.#close();
  }

  #addThinking(thinking: string): void {
    const block = this.#open?.type === 'thinking' ? this.#open : this.#begin(newThinking());
    block.thinking += thinking;
    this.#emitDelta({ type: 'thinking_delta', thinking });
  }

  #addText(text: string): void {
    const block = this.#open?.type === 'text' ? this.#open : this.#begin(newText());
    block.text += text;
    this.#emitDelta({ type: 'text_delta', text });
  }

  #begin<T extends ContentBlock>(block: T): T {
    this.#close();
    this.blocks.push(block);
    this.#open = block;
    this.#index += 1;
    this.emit('content_block_start', { index: this.#index, content_block: block });
    return block;
  }

  #close(): void {
    if (!this.#open) return;
    if (this.#open.type === 'thinking') this.#sign(this.#open);
    this.emit('content_block_stop', { index: this.#index });
    this.#open = undefined;
  }

  #sign(block: ThinkingBlock): void {
    block.signature = UNSIGNED;
    this.#emitDelta({ type: 'signature_delta', signature: UNSIGNED });
  }

  #emitDelta(delta: object): void {
    this.emit('content_block_delta', { index: this.#index, delta });
  }
}
