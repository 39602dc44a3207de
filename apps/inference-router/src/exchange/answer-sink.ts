import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import { errorTable } from '@orgn/contracts';
import { toSendable } from '@orgn/service-kit';
import { DISPATCH_ERROR_TYPE, toOpenAiError, WITHHELD_HEADER, type DispatchError } from '@orgn/dialects';

const HEARTBEAT = Buffer.from(': heartbeat\n\n');

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
  #toErrorEvent: (error: DispatchError) => Buffer;

  constructor(
    private readonly response: ServerResponse,
    requestId: string,
  ) {
    this.#toErrorEvent = (error) => Buffer.from(`data: ${JSON.stringify(toOpenAiError(error, requestId))}\n\n`);
    response.once('close', () => clearTimeout(this.#heartbeat));
  }

  /** The caller has left; whatever is written from now on is dropped. */
  get isGone(): boolean {
    return this.#isGone;
  }

  /** Headers have left: there is no other status any more, and no other model. */
  get hasBegun(): boolean {
    return this.response.headersSent;
  }

  /** Calls `left` once if the other side closes before the answer has ended. */
  onGone(left: () => void): void {
    const closed = () => {
      if (this.response.writableFinished) return;
      this.#isGone = true;
      left();
    };
    // Not before whoever asks has been set up.
    if (this.response.destroyed) queueMicrotask(closed);
    else this.response.once('close', closed);
  }

  onDrain(resume: () => void): void {
    this.response.on('drain', resume);
  }

  begin(headers: Record<string, string>): void {
    if (this.#isGone || this.response.headersSent) return;
    this.response.writeHead(200, headers);
    // An answer of known length is complete already, and leaves in one packet with its headers.
    if (!('content-length' in headers)) this.response.flushHeaders();
  }

  /**
   * Begins a stream of server-sent events, or only learns how one that has begun breaks off. Before this nothing is sent,
   * so that a refusal can still have its status.
   */
  beginStream(headers: Record<string, string>, settings: StreamSettings): void {
    this.begin(headers);
    if (settings.toErrorEvent) this.#toErrorEvent = settings.toErrorEvent;
    if (settings.heartbeatMs !== undefined && !this.#isGone)
      this.#heartbeat ??= setTimeout(() => this.beat(), settings.heartbeatMs).unref();
  }

  /**
   * Writes whole events, so that a heartbeat never falls inside of one.
   * @returns false when the other side reads slower than we write: stop until `onDrain`
   */
  write(bytes: Buffer): boolean {
    if (bytes.length === 0) return true;
    this.#heartbeat?.refresh();
    return this.#isGone || this.response.write(bytes);
  }

  end(bytes: Buffer): void {
    clearTimeout(this.#heartbeat);
    if (!this.#isGone) this.response.end(bytes);
  }

  /** The same for an answer in pieces, however long: it leaves as the other side takes it. */
  endWith(pieces: readonly Buffer[]): void {
    const sendable = toSendable(pieces);
    if (Buffer.isBuffer(sendable)) return this.end(sendable);
    clearTimeout(this.#heartbeat);
    // Who leaves on the way is noticed by the response itself.
    if (!this.#isGone) pipeline(sendable, this.response, () => undefined);
  }

  /** Cuts the connection, as if the caller had left. */
  destroy(): void {
    this.response.destroy();
  }

  /** A refusal of an answer that was whole: the gateway hears that it is free, should this process not live to say so. */
  withhold(error: DispatchError, seal: string): void {
    if (this.#isGone) return;
    if (this.response.headersSent) this.response.addTrailers({ [WITHHELD_HEADER]: seal });
    else this.response.setHeader(WITHHELD_HEADER, seal);
    this.fail(error);
  }

  /** A refusal: with its own status while nothing was sent, else as one error event with no `[DONE]` after it. */
  fail(error: DispatchError): void {
    if (this.#isGone) return;
    if (this.response.headersSent) {
      this.end(this.#toErrorEvent(error));
      return;
    }
    const status = error.status ?? errorTable[error.code].status;
    this.response.writeHead(status, { 'content-type': DISPATCH_ERROR_TYPE }).end(JSON.stringify(error));
  }

  /** Sends a comment, which means nothing to a reader but that somebody is there. */
  beat(): void {
    // A reader that does not even take what there is needs no more of it.
    if (!this.#isGone && !this.response.writableNeedDrain) this.response.write(HEARTBEAT);
    this.#heartbeat?.refresh();
  }
}
