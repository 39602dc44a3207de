import { ServiceError } from '@orgn/contracts';
import type { ChatDelta, ToolCallDelta } from '../chat/chat-delta.ts';
import { newText, newThinking, newToolUse, type ContentBlock } from './message-block.ts';

type Emit = (type: string, fields: object) => void;

/** The content of a message while it grows: one block is open at a time. */
export class MessageOutput {
  readonly blocks: ContentBlock[] = [];
  #open: ContentBlock | undefined;
  #callIndex = 0;
  #input = '';

  /** @param options key makes call ids unique; without `showsThinking` reasoning is left out */
  constructor(
    private readonly options: { key: string; showsThinking: boolean },
    private readonly emit: Emit,
  ) {}

  /** @throws ServiceError `provider_unavailable` when a call goes on after the next one began */
  add(delta: ChatDelta): void {
    if (delta.reasoning && this.options.showsThinking) this.#addThinking(delta.reasoning);
    if (delta.text) this.#addText(delta.text);
    if (delta.refusal) this.#addText(delta.refusal);
    for (const call of delta.toolCalls) this.#addCall(call);
  }

  /**
   * Ends the block that is open.
   * @param isCut the answer met its limit, so that the arguments of a call may be half of themselves
   * @throws ServiceError `provider_unavailable` when a call's arguments are no JSON object
   */
  close(isCut = false): void {
    const block = this.#open;
    if (!block) return;
    if (block.type === 'tool_use' && !isCut) block.input = parseInput(this.#input);
    this.emit('content_block_stop', { index: this.#at });
    this.#open = undefined;
  }

  get #at(): number {
    return this.blocks.length - 1;
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

  #addCall(delta: ToolCallDelta): void {
    if (!this.#isOpenCall(delta)) {
      if (!delta.name && !delta.input) return;
      if (!delta.name) throw malformedCall();
      this.#callIndex = delta.index;
      this.#input = '';
      this.#begin(newToolUse(`${this.options.key}_${this.blocks.length}`, delta));
    }
    if (!delta.input) return;
    this.#input += delta.input;
    this.#emitDelta({ type: 'input_json_delta', partial_json: delta.input });
  }

  #isOpenCall(delta: ToolCallDelta): boolean {
    const open = this.#open;
    if (open?.type !== 'tool_use' || delta.index !== this.#callIndex) return false;
    return delta.id === undefined || delta.id === open.id;
  }

  #begin<T extends ContentBlock>(block: T): T {
    this.close();
    this.blocks.push(block);
    this.#open = block;
    this.emit('content_block_start', { index: this.#at, content_block: block });
    return block;
  }

  #emitDelta(delta: object): void {
    this.emit('content_block_delta', { index: this.#at, delta });
  }
}

/** Models call tools without arguments by an empty text; anything else that is no object is the model's fault. */
function parseInput(json: string): unknown {
  if (json.trim() === '') return {};
  try {
    const input: unknown = JSON.parse(json);
    if (typeof input === 'object' && input !== null && !Array.isArray(input)) return input;
  } catch {
    throw malformedCall();
  }
  throw malformedCall();
}

function malformedCall(): ServiceError {
  return new ServiceError('provider_unavailable', 'The model provider sent a malformed tool call.');
}
