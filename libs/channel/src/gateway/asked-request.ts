import { ChannelError } from '../frames/channel-error.ts';
import type { FrameBatch } from '../frames/frame-batch.ts';
import { readAnswerHead, readTrailers, type AnswerHead } from '../frames/heads.ts';
import type { AnswerHeaders } from '../frames/headers.ts';
import { Credit, writeCredit } from '../link/credit.ts';
import type { Link } from '../link/link.ts';
import type { FrameSource } from '../link/outbox.ts';
import { Pieces } from '../link/pieces.ts';

/** Receives an answer as it comes. Exactly one of `onEnd` and `onError` is called last. */
export interface AnswerReceiver {
  onStart(status: number, headers: AnswerHeaders): void;
  /** @param chunk is part of a larger one: what keeps it for long copies it */
  onData(chunk: Buffer): void;
  /** @param trailers what the router said after the last byte */
  onEnd(trailers: AnswerHeaders): void;
  /** @param wasSent whether the router may have begun to work on the request */
  onError(error: Error, wasSent: boolean): void;
}

export interface AskedParts {
  number: number;
  link: Link;
  receiver: AnswerReceiver;
  body: Buffer;
  /** Bytes of the body that may be sent at once. */
  bodyCredit: number;
  /** Bytes of the answer that the router may send at once. */
  answerCredit: number;
  /** Called once the router will say nothing more of it. */
  ended: () => void;
}

/** A request at a router: what its asker may do to it, and what comes of it. */
export class AskedRequest implements FrameSource {
  readonly #body = new Pieces();
  readonly #credit: Credit;
  readonly #answerCredit: Credit;
  /** Bytes taken since credit for them was given. */
  #takenBytes = 0;
  #isPaused = false;
  #hasBegun = false;
  #isSilent = false;
  #wasSent = false;

  constructor(private readonly parts: AskedParts) {
    this.#credit = new Credit(parts.bodyCredit);
    this.#answerCredit = new Credit(parts.answerCredit);
    this.#body.add(parts.body);
    if (parts.body.length > 0) parts.link.outbox.add(this);
    parts.link.outbox.afterWrite(() => (this.#wasSent = true));
  }

  get number(): number {
    return this.parts.number;
  }

  /** Gives it up: the router ends the provider's work, or drains it. Its receiver hears nothing more. */
  abort(): void {
    if (this.#isSilent) return;
    this.#giveUp();
  }

  /** The answer stops coming once the credit that was given is used up; so much is still delivered. */
  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#giveCredit();
  }

  takeFrame(batch: FrameBatch): boolean {
    const { number } = this.parts;
    this.#credit.use(this.#body.takeFrame(batch, 'body', number, this.#credit.bytes));
    return this.#body.bytes > 0 && this.#credit.bytes > 0;
  }

  /** @throws ChannelError */
  hearCredit(bytes: number): void {
    this.#credit.grant(bytes);
    if (this.#body.bytes > 0) this.parts.link.outbox.add(this);
  }

  /** @throws ChannelError */
  hearAnswer(payload: Buffer): void {
    if (this.#hasBegun) throw outOfOrder('An answer began twice.');
    this.#hasBegun = true;
    const { status, headers }: AnswerHead = readAnswerHead(payload);
    this.#tell((receiver) => receiver.onStart(status, headers));
  }

  /** @throws ChannelError */
  hearData(chunk: Buffer): void {
    if (!this.#hasBegun) throw outOfOrder('Data came before its answer.');
    if (chunk.length === 0) throw new ChannelError('malformed', 'A data frame is empty.');
    this.#answerCredit.use(chunk.length);
    this.#takenBytes += chunk.length;
    if (!this.#isSilent) this.#deliver(chunk);
    this.#giveCredit();
  }

  /** @throws ChannelError */
  hearEnd(payload: Buffer): void {
    if (!this.#hasBegun) throw outOfOrder('An answer ended before it began.');
    const trailers = readTrailers(payload);
    this.#end((receiver) => receiver.onEnd(trailers));
  }

  hearCancel(): void {
    this.#end((receiver) => receiver.onError(new ChannelError('lost', 'The router gave the request up.'), true));
  }

  /** @throws ChannelError */
  hearRefusal(): void {
    if (this.#hasBegun) throw outOfOrder('An answer was refused after it began.');
    this.#end((receiver) => receiver.onError(new ChannelError('done', 'The router did not take the request.'), false));
  }

  /** The connection is gone. */
  lose(error: ChannelError): void {
    this.#end((receiver) => receiver.onError(error, this.#wasSent));
  }

  #giveUp(): void {
    this.#isSilent = true;
    const { link, number } = this.parts;
    this.#stopBody();
    link.send('cancel', number);
  }

  #giveCredit(): void {
    if (this.#isPaused || this.#isSilent || this.#takenBytes * 2 < this.parts.answerCredit) return;
    this.#answerCredit.grant(this.#takenBytes);
    this.parts.link.send('credit', this.parts.number, writeCredit(this.#takenBytes));
    this.#takenBytes = 0;
  }

  #end(tell: (receiver: AnswerReceiver) => void): void {
    this.#stopBody();
    this.parts.ended();
    this.#tell(tell);
    this.#isSilent = true;
  }

  #stopBody(): void {
    this.#body.clear();
    this.parts.link.outbox.remove(this);
  }

  /** What comes most often, without a call of a call. */
  #deliver(chunk: Buffer): void {
    try {
      this.parts.receiver.onData(chunk);
    } catch (error) {
      this.#lose(error as Error);
    }
  }

  #tell(tell: (receiver: AnswerReceiver) => void): void {
    if (this.#isSilent) return;
    try {
      tell(this.parts.receiver);
    } catch (error) {
      this.#lose(error as Error);
    }
  }

  /** What goes wrong in one receiver ends its request, and no other. */
  #lose(error: Error): void {
    this.abort();
    this.parts.receiver.onError(error, true);
  }
}

function outOfOrder(words: string): ChannelError {
  return new ChannelError('out_of_order', words);
}
