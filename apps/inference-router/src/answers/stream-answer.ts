import { ServiceError } from '@orgn/contracts';
import { dataLines, EventSplitter, readEvent, type AnswerParts, type ReadEvent } from '@orgn/dialects';
import type { Exchange } from '../exchange/exchange.ts';
import { toAnswerFault } from './answer-fault.ts';
import type { AnswerReader } from './answer-reader.ts';
import { ChunkPattern } from './chunk-pattern.ts';
import { failedBy, type Attempt } from './attempt.ts';
import { failByRefusal, insideOf200 } from './refused-answer.ts';
import { StreamProgress } from './stream-progress.ts';
import { StreamWriter } from './stream-writer.ts';

const MAX_EVENT_BYTES = 8 * 1024 * 1024;
/** Chunks that may come before the first output without being the answer's beginning: the opening role. */
const MAX_OPENING_CHUNKS = 1;
/** Patterns of chunks that fitted no other one before the search is given up. */
const MAX_PATTERNS_IN_VAIN = 16;

/**
 * Reads a streamed answer as liberally as clients do: it ends with `[DONE]`, or with the end of all choices. Until the first
 * output nothing of it leaves, so that an error in its place is answered as one with a status is.
 */
export class StreamAnswer implements AnswerReader {
  readonly #splitter = new EventSplitter(MAX_EVENT_BYTES);
  readonly #progress = new StreamProgress();
  readonly #writer: StreamWriter;
  #chunks = 0;
  #isOver = false;
  #pattern: ChunkPattern | undefined;
  /** Chunks of which the pattern was found since it last served, or was found for the first time. */
  #patternsInVain = 0;

  constructor(
    private readonly exchange: Exchange,
    private readonly attempt: Attempt,
  ) {
    this.#writer = new StreamWriter(exchange);
  }

  onData(chunk: Buffer): void {
    try {
      const rest = this.#splitter.pending.length > 0 ? chunk : this.#takeLike(chunk);
      if (rest.length === 0) return;
      for (const event of this.#splitter.push(rest)) if (!this.#isDeaf) this.#take(event);
    } catch (error) {
      this.#fail(toAnswerFault(error));
    }
  }

  onEnd(): void {
    if (this.#isDeaf) return;
    this.#guard(() => {
      this.#takeLast();
      if (!this.#isDeaf) this.#finish(undefined);
    });
  }

  onBroken(error: ServiceError): void {
    if (this.#progress.isWhole) return this.onEnd();
    this.#fail(error);
  }

  /** Nothing is read any more: the answer is complete, or another attempt or an error took its place. */
  get #isDeaf(): boolean {
    return this.#isOver || this.exchange.hasEnded;
  }

  /** The last event may lack its blank line, and half an event after a whole answer is none. */
  #takeLast(): void {
    const last = this.#splitter.end();
    if (!last) return;
    try {
      this.#take(last);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      if (!this.#progress.isWhole) throw brokenOff();
    }
  }

  #take(event: Buffer): void {
    if (this.#takeLike(event).length === 0) return;
    const read = readEvent(event);
    if (!read) return this.#writer.passAside(event);
    const word = wordOf(read.data);
    if (word === '') return;
    if (word === '[DONE]') return this.#finish(event);
    const parts = this.exchange.request.answer.read(read.data);
    if (parts) return this.#takeChunk(event, read, parts);
    this.#takeLines(event);
  }

  /** Takes the events that are like one that was read before. @param bytes that begin with one @returns what is left */
  #takeLike(bytes: Buffer): Buffer {
    const like = this.#writer.passesOn ? this.#pattern?.match(bytes) : undefined;
    if (!like) return bytes;
    this.#patternsInVain = 0;
    this.exchange.hear(like.heard);
    this.#writer.passShown(like.shown);
    this.#chunks += like.heard.outputs;
    return like.end === bytes.length ? NOTHING : bytes.subarray(like.end);
  }

  /** Providers that write each chunk differently have no pattern, and it is not looked for again and again. */
  #learn(event: Buffer, read: ReadEvent, parts: AnswerParts): void {
    if (this.#patternsInVain >= MAX_PATTERNS_IN_VAIN) return;
    const edits = this.#writer.editsLike(read, parts);
    this.#pattern = edits && ChunkPattern.of({ event, read, parts, edits });
    if (this.#pattern) this.#patternsInVain += 1;
  }

  /** Each line is data of its own where the lines together are none: events that lack the blank line between them. */
  #takeLines(event: Buffer): void {
    const lines = dataLines(event);
    if (lines.length < 2) throw new Unreadable();
    for (const line of lines) if (!this.#isDeaf) this.#take(Buffer.concat([DATA, line, END]));
  }

  #takeChunk(event: Buffer, read: ReadEvent, parts: AnswerParts): void {
    if (parts.hasError) return this.#refused(read.data);
    this.exchange.hear(parts);
    const routing = this.exchange.target.kind.readRouting?.(read.data);
    this.exchange.hearRouting(routing);
    this.#progress.take(parts);
    this.#writer.pass(event, read, parts);
    this.#chunks += 1;
    if (parts.outputs > 0 || this.#chunks > MAX_OPENING_CHUNKS) this.#writer.begin();
    if (routing === undefined) this.#learn(event, read, parts);
  }

  /** @param done the provider's own last event */
  #finish(done: Buffer | undefined): void {
    const isWhole = done ? this.#progress.hasBegun : this.#progress.isWhole;
    if (!isWhole) throw this.#chunks === 0 ? new EmptyAnswer() : brokenOff();
    this.#isOver = true;
    this.#writer.finish(done);
    void this.exchange.complete(() => this.#writer.end());
  }

  #refused(body: Buffer): void {
    if (this.#writer.hasBegun)
      return this.#fail(new ServiceError('provider_unavailable', 'The model provider failed while answering.'));
    this.#isOver = true;
    failByRefusal({ exchange: this.exchange, attempt: this.attempt }, insideOf200, body);
  }

  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#fail(toAnswerFault(error));
    }
  }

  /** While nothing has left, another attempt may follow; a breach of its terms is not mended by asking somebody else. */
  #fail(error: ServiceError): void {
    this.#isOver = true;
    if (this.#writer.hasBegun || error.code === 'zdr_unavailable') return this.exchange.fail(error.toWire(), error);
    failedBy(this.attempt, error, { isRetryable: error instanceof EmptyAnswer });
  }
}

/** Data that is no JSON: nothing at all, or `[DONE]`, with or without blanks. */
function wordOf(data: Buffer): string | undefined {
  return data.length < 64 ? data.toString('latin1').trim() : undefined;
}

const NOTHING = Buffer.alloc(0);
const DATA = Buffer.from('data: ');
const END = Buffer.from('\n\n');

class Unreadable extends ServiceError {
  constructor() {
    super('provider_unavailable', 'The model provider sent a malformed event.');
  }
}

/** A stream of nothing is an answer that never began: as good as a 502. */
class EmptyAnswer extends ServiceError {
  constructor() {
    super('provider_unavailable', 'The model provider sent an empty answer.');
  }
}

function brokenOff(): ServiceError {
  return new ServiceError('provider_unavailable', 'The model provider broke off the answer.');
}
