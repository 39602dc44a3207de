import type { AnswerHeaders, TakenRequest } from '@orgn/channel';
import { errorTable } from '@orgn/contracts';
import { DISPATCH_ERROR_TYPE, toOpenAiError, WITHHELD_HEADER, type DispatchError } from '@orgn/dialects';

export type { AnswerHeaders };

/** A comment, which means nothing to a reader. */
export const HEARTBEAT = Buffer.from(': heartbeat\n\n');

export interface StreamSettings {
  /** Silence after which a comment is sent, in milliseconds; undefined: never. */
  heartbeatMs: number | undefined;
  /** How the stream says that it broke off; absent: as OpenAI does. */
  toErrorEvent?: ((error: DispatchError) => Buffer) | undefined;
}

/** The way back to the gateway: an answer's bytes, or one refusal. */
export class AnswerSink {
  #isGone = false;
  #heartbeat: NodeJS.Timeout | undefined;
  #heartbeatMs = 0;
  /** By a clock that nobody can set. */
  #writtenAt = 0;
  /** Sees every byte that leaves. */
  onWritten: ((bytes: Buffer) => void) | undefined;
  #toErrorEvent: (error: DispatchError) => Buffer;
  /** What is said after the last byte. */
  #trailers: AnswerHeaders = {};

  constructor(
    private readonly request: TakenRequest,
    requestId: string,
  ) {
    this.#toErrorEvent = (error) => Buffer.from(`data: ${JSON.stringify(toOpenAiError(error, requestId))}\n\n`);
    request.onClose(() => clearTimeout(this.#heartbeat));
  }

  /** The caller has left; whatever is written from now on is dropped. */
  get isGone(): boolean {
    return this.#isGone;
  }

  /** Headers have left: there is no other status any more, and no other model. */
  get hasBegun(): boolean {
    return this.request.hasBegun;
  }

  /** Calls `left` once if the other side closes before the answer has ended. */
  onGone(left: () => void): void {
    const closed = () => {
      if (this.request.isFinished) return;
      this.#isGone = true;
      left();
    };
    // Not before whoever asks has been set up.
    if (this.request.isClosed) queueMicrotask(closed);
    else this.request.onClose(closed);
  }

  onDrain(resume: () => void): void {
    this.request.onDrain(resume);
  }

  begin(headers: AnswerHeaders): void {
    if (!this.#isGone) this.request.begin(200, headers);
  }

  /**
   * Begins a stream of server-sent events, or only learns how one that has begun breaks off. Before this nothing is sent,
   * so that a refusal can still have its status.
   */
  beginStream(headers: AnswerHeaders, settings: StreamSettings): void {
    this.begin(headers);
    if (settings.toErrorEvent) this.#toErrorEvent = settings.toErrorEvent;
    if (settings.heartbeatMs === undefined || this.#isGone || this.#heartbeat) return;
    this.#heartbeatMs = settings.heartbeatMs;
    this.#writtenAt = performance.now();
    this.#beatAfter(settings.heartbeatMs);
  }

  /**
   * Writes whole events, so that a heartbeat never falls inside of one.
   * @returns false when the other side reads slower than we write: stop until `onDrain`
   */
  write(bytes: Buffer): boolean {
    if (bytes.length === 0) return true;
    if (this.#isGone) return true;
    this.#writtenAt = performance.now();
    this.onWritten?.(bytes);
    return this.request.write(bytes);
  }

  end(bytes: Buffer): void {
    clearTimeout(this.#heartbeat);
    if (this.#isGone) return;
    if (bytes.length > 0) this.onWritten?.(bytes);
    this.request.end(bytes, this.#trailers);
  }

  /** The same for an answer in pieces, however long: it leaves as the other side takes it. */
  endWith(pieces: readonly Buffer[]): void {
    if (!this.#isGone) {
      for (const piece of pieces) {
        this.onWritten?.(piece);
        this.request.write(piece);
      }
    }
    this.end(Buffer.alloc(0));
  }

  /** Gives the request up, as if the caller had left. */
  destroy(): void {
    this.request.abort();
  }

  /** A refusal of an answer that was whole: the gateway hears that it is free, should this process not live to say so. */
  withhold(error: DispatchError, seal: string): void {
    if (this.#isGone) return;
    if (this.hasBegun) this.#trailers = { [WITHHELD_HEADER]: seal };
    this.fail(error, this.hasBegun ? {} : { [WITHHELD_HEADER]: seal });
  }

  /** A refusal: with its own status while nothing was sent, else as one error event with no `[DONE]` after it. */
  fail(error: DispatchError, headers: AnswerHeaders = {}): void {
    if (this.#isGone) return;
    if (this.hasBegun) {
      this.end(this.#toErrorEvent(error));
      return;
    }
    this.request.begin(error.status ?? errorTable[error.code].status, {
      'content-type': DISPATCH_ERROR_TYPE,
      ...headers,
    });
    this.end(Buffer.from(JSON.stringify(error)));
  }

  /** Sends a comment, which means nothing to a reader but that somebody is there. */
  beat(): void {
    // A reader that does not even take what there is needs no more of it.
    if (!this.#isGone && !this.request.needsDrain) {
      this.onWritten?.(HEARTBEAT);
      this.request.write(HEARTBEAT);
    }
    this.#writtenAt = performance.now();
  }

  /** A timer is not moved by what is written, which there is far more of: it looks when that was, and waits for what is left. */
  #beatAfter(ms: number): void {
    this.#heartbeat = setTimeout(() => {
      if (this.request.isClosed) return;
      const silentMs = performance.now() - this.#writtenAt;
      const isDue = silentMs >= this.#heartbeatMs;
      if (isDue) this.beat();
      this.#beatAfter(isDue ? this.#heartbeatMs : this.#heartbeatMs - silentMs);
    }, ms).unref();
  }
}
