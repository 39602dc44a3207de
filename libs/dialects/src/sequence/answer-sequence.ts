import type { ChatDelta, ToolCallDelta } from '../chat/chat-delta.ts';
import { malformedCall } from '../tools/malformed-call.ts';
import { Call } from './call.ts';
import { isBlank } from './call-input.ts';
import { Calls } from './calls.ts';

/** What a call is announced with. */
export interface CallHead {
  kind: ToolCallDelta['kind'];
  /** The provider's, unless there is none or another call of this answer has it. */
  id: string | undefined;
  name: string;
}

export interface Words {
  kind: 'reasoning' | 'text' | 'refusal';
  text: string;
  logprobs: unknown[];
}

/** Takes an answer one thing after the other: a call that has begun ends before anything else comes. */
export interface SequenceWriter {
  words(words: Words): void;
  beginCall(head: CallHead): void;
  /** Some more of the input of the call that has begun. */
  callInput(piece: string): void;
  /** @param input undefined when the answer was cut inside of it */
  endCall(input: string | undefined): void;
}

/**
 * Brings the parts of a streamed answer, which providers interleave, into an order in which one is open at a time. The first
 * call goes on live; what comes after it waits until it is whole, and whoever has to wait for the end of the answer to know
 * that does. No call ends before its arguments are whole, whatever comes in which order.
 */
export class AnswerSequence {
  readonly #calls = new Calls();
  readonly #told = new Set<string>();
  /** What has not been passed on, or not to its end. The first entry is the one that is open. */
  #waiting: (Call | Words)[] = [];

  constructor(private readonly writer: SequenceWriter) {}

  /** @throws ServiceError `provider_unavailable` for a delta that belongs to no call, or to one that was whole */
  add(delta: ChatDelta): void {
    this.#say({ kind: 'reasoning', text: delta.reasoning, logprobs: [] });
    this.#say({ kind: 'text', text: delta.text, logprobs: delta.logprobs });
    this.#say({ kind: 'refusal', text: delta.refusal, logprobs: [] });
    for (const each of delta.toolCalls) this.#take(each);
    this.#pass();
  }

  /**
   * The answer is over.
   * @param isCut it met its limit, so that arguments may be half of themselves: such a call is left out unless it has begun
   * @throws ServiceError `provider_unavailable` before anything is said when a call has no name, or no JSON object as input
   */
  end(isCut: boolean): void {
    const rest = this.#waiting.filter((each) => (each instanceof Call ? !each.isEmpty : !isBlank(each.text)));
    this.#waiting = [];
    if (!isCut) for (const each of rest) if (each instanceof Call) requireWhole(each);
    for (const each of rest) {
      if (!(each instanceof Call)) this.writer.words(each);
      else this.#endCall(each, isCut);
    }
  }

  #say(words: Words): void {
    if (words.text === '') return;
    const last = this.#waiting.at(-1);
    if (!last) return this.writer.words(words);
    if (last instanceof Call) this.#waiting.push(words);
    else if (last.kind === words.kind) {
      last.text += words.text;
      for (const each of words.logprobs) last.logprobs.push(each);
    } else {
      if (isBlank(last.text)) this.#waiting.pop();
      this.#waiting.push(words);
    }
  }

  #take(delta: ToolCallDelta): void {
    const isFilling = delta.id === undefined && delta.name === '' && delta.input === '';
    if (isFilling) return;
    const { call, isNew } = this.#calls.take(delta);
    if (isNew) this.#waiting.push(call);
  }

  /** Passes on what may be passed on now. */
  #pass(): void {
    for (let first = this.#waiting[0]; first; first = this.#waiting[0]) {
      const isLast = this.#waiting.length === 1;
      // Blank text between calls, or after them, is a provider's filling and no part of the answer.
      if (!(first instanceof Call)) {
        if (isLast && isBlank(first.text)) return;
        if (!isBlank(first.text)) this.writer.words(first);
      } else if (!this.#passCall(first) || isLast) return;
      this.#waiting.shift();
    }
  }

  /** @returns whether the call is whole and something may follow; it ends when something does */
  #passCall(call: Call): boolean {
    if (call.name === '' || call.input.isBlank) return false;
    this.#begin(call);
    if (!call.isWhole) return false;
    const isFollowed = this.#waiting.slice(1).some((each) => each instanceof Call || !isBlank(each.text));
    if (!isFollowed) return false;
    requireWhole(call);
    this.writer.endCall(call.input.text);
    return true;
  }

  #begin(call: Call): void {
    if (!call.isBegun) this.writer.beginCall({ kind: call.kind, id: this.#idOf(call), name: call.name });
    call.isBegun = true;
    const news = call.news();
    if (news !== '') this.writer.callInput(news);
  }

  #endCall(call: Call, isCut: boolean): void {
    const isWhole = call.kind === 'function' && call.name !== '' && call.input.isClosed;
    if (isCut && !isWhole && !call.isBegun) return;
    this.#begin(call);
    this.writer.endCall(isCut && !isWhole ? undefined : call.input.text);
  }

  #idOf({ id }: Call): string | undefined {
    if (id === undefined || this.#told.has(id)) return undefined;
    this.#told.add(id);
    return id;
  }
}

function requireWhole(call: Call): void {
  const isInput = call.kind === 'custom' || call.input.parse() !== undefined;
  if (call.name === '' || !isInput) throw malformedCall();
}
