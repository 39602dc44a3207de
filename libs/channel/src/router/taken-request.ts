import type { FrameBatch } from '../frames/frame-batch.ts';
import type { AnswerHeaders } from '../frames/headers.ts';
import { writeAnswerHead, writeTrailers, type RequestHead } from '../frames/heads.ts';
import { Credit } from '../link/credit.ts';
import type { Link } from '../link/link.ts';
import type { FrameSource } from '../link/outbox.ts';
import { Pieces } from '../link/pieces.ts';
import { ArrivingBody } from './arriving-body.ts';

/** Bytes that wait for credit, or for the socket, before whoever writes them is asked to wait. */
const HIGH_BYTES = 32 * 1024;

export interface TakenParts {
  number: number;
  link: Link;
  head: RequestHead;
  /** Bytes of the answer that may be sent at once. */
  answerCredit: number;
  /** Bytes of the body that the gateway may send at once. */
  bodyCredit: number;
  /** Called once nothing more is sent for it. */
  ended: () => void;
}

/** A request that a gateway makes, and the way back to it. */
export class TakenRequest implements FrameSource {
  readonly #body: ArrivingBody;
  readonly #pieces = new Pieces();
  readonly #credit: Credit;
  #trailers: AnswerHeaders | undefined;
  #hasBegun = false;
  #isClosed = false;
  #isFinished = false;
  #needsDrain = false;
  #whenClosed: (() => void)[] = [];
  #whenDrained: () => void = () => undefined;

  constructor(private readonly parts: TakenParts) {
    const { head, number, link, bodyCredit } = parts;
    this.#credit = new Credit(parts.answerCredit);
    this.#body = new ArrivingBody({ bytes: head.bodyBytes, credit: bodyCredit, number, link });
  }

  get number(): number {
    return this.parts.number;
  }

  get head(): RequestHead {
    return this.parts.head;
  }

  /** The head of the answer is said. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /** Nothing more can be said: the answer has left, or the gateway, or the connection. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** All of the answer has left. */
  get isFinished(): boolean {
    return this.#isFinished;
  }

  /** Whoever writes was asked to wait, and has not been told to go on. */
  get needsDrain(): boolean {
    return this.#needsDrain;
  }

  /** Calls once it is closed; not at all when it is already. */
  onClose(call: () => void): void {
    this.#whenClosed.push(call);
  }

  onDrain(call: () => void): void {
    this.#whenDrained = call;
  }

  /**
   * Takes the body, all of it. Until this is called only so much comes as a router gives credit for in its greeting.
   * @returns undefined when it ends before it is whole
   */
  body(): Promise<Buffer | undefined> {
    return this.#body.take();
  }

  /** Says that nobody has looked at it, so that another router may. */
  refuse(): void {
    this.#sayLast('refused');
  }

  /** @throws TypeError for headers that the channel cannot carry */
  begin(status: number, headers: AnswerHeaders): void {
    if (this.#isClosed || this.#hasBegun) return;
    const payload = writeAnswerHead({ status, headers });
    this.#hasBegun = true;
    this.parts.link.send('answer', this.parts.number, payload);
  }

  /** @returns false when more should not be written until `onDrain` */
  write(bytes: Buffer): boolean {
    if (this.#isClosed || this.#trailers) return true;
    this.#pieces.add(bytes);
    if (this.#credit.bytes > 0) this.parts.link.outbox.add(this);
    this.#needsDrain ||= this.#pieces.bytes > HIGH_BYTES;
    return !this.#needsDrain;
  }

  /** The answer is whole. @throws TypeError for trailers that the channel cannot carry */
  end(bytes: Buffer, trailers: AnswerHeaders = {}): void {
    if (this.#isClosed || this.#trailers) return;
    this.write(bytes);
    this.#trailers = trailers;
    this.parts.link.outbox.add(this);
  }

  /** Gives it up: what has not been sent never is. */
  abort(): void {
    this.#sayLast('cancel');
  }

  takeFrame(batch: FrameBatch): boolean {
    this.#credit.use(this.#pieces.takeFrame(batch, 'data', this.parts.number, this.#credit.bytes));
    if (this.#pieces.bytes > 0) return this.#credit.bytes > 0;
    if (this.#trailers) this.#finish(batch, this.#trailers);
    else if (this.#needsDrain) this.parts.link.outbox.afterWrite(() => this.#drained());
    return false;
  }

  /** @throws ChannelError */
  hearBody(chunk: Buffer): void {
    this.#body.hear(chunk);
  }

  /** @throws ChannelError */
  hearCredit(bytes: number): void {
    this.#credit.grant(bytes);
    if (this.#pieces.bytes > 0) this.parts.link.outbox.add(this);
  }

  hearCancel(): void {
    this.#sayLast('cancel');
  }

  /** The connection is gone. */
  lose(): void {
    this.#close();
  }

  #sayLast(name: 'cancel' | 'refused'): void {
    if (this.#isClosed) return;
    this.parts.link.send(name, this.parts.number);
    this.#close();
  }

  #finish(batch: FrameBatch, trailers: AnswerHeaders): void {
    batch.add('end', this.parts.number, writeTrailers(trailers));
    this.parts.link.outbox.afterWrite(() => {
      this.#isFinished = true;
      this.#close();
    });
  }

  #drained(): void {
    if (this.#pieces.bytes > 0 || !this.#needsDrain || this.#isClosed) return;
    this.#needsDrain = false;
    this.#whenDrained();
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#pieces.clear();
    this.#body.stop();
    this.parts.link.outbox.remove(this);
    this.parts.ended();
    const calls = this.#whenClosed;
    this.#whenClosed = [];
    for (const call of calls) call();
  }
}
