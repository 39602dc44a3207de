import type { ServiceError } from '@orgn/contracts';
import type { DispatchError } from '@orgn/dialects';
import type { Exchange } from '../exchange/exchange.ts';
import type { AnswerHeaders, AnswerReceiver } from '../providers/provider.client.ts';
import { UpstreamError } from '../providers/upstream-error.ts';
import type { AnswerReader } from './answer-reader.ts';
import type { Attempt, Chance } from './attempt.ts';
import { PlainAnswer } from './plain-answer.ts';
import { RefusedAnswer } from './refused-answer.ts';
import { retryAfterSeconds } from './retry-after.ts';
import { StreamAnswer } from './stream-answer.ts';

/**
 * Receives what a provider answers to one attempt, and hands it to the reader its status and type call for. Once the
 * attempt has failed it hears nothing more: whatever still comes belongs to nobody.
 */
export class AnswerRelay implements AnswerReceiver, Attempt {
  #reader: AnswerReader | undefined;
  #isRead = false;
  #isOver = false;

  constructor(
    private readonly exchange: Exchange,
    private readonly attempt: Attempt,
  ) {}

  onStart(status: number, headers: AnswerHeaders): void {
    if (!this.#isDeaf) this.#reader = this.#readerFor(status, headers);
  }

  onData(chunk: Buffer): void {
    if (this.#isDeaf) return;
    this.exchange.witness?.wire.take(chunk);
    this.#reader?.onData(chunk);
  }

  onEnd(): void {
    this.#isRead = true;
    if (!this.#isDeaf) this.#reader?.onEnd();
  }

  onError(error: ServiceError): void {
    this.#isRead = true;
    if (this.#isDeaf) return;
    if (this.#reader) return this.#reader.onBroken(error);
    this.failed(error.toWire(), error, { isRetryable: error instanceof UpstreamError && error.isRetryable });
  }

  failed(refusal: DispatchError, cause: ServiceError, chance: Chance): void {
    this.#isOver = true;
    this.exchange.abandon(this.#isRead ? undefined : cause);
    this.attempt.failed(refusal, cause, chance);
  }

  get #isDeaf(): boolean {
    return this.#isOver || this.exchange.hasEnded;
  }

  #readerFor(status: number, headers: AnswerHeaders): AnswerReader {
    const { exchange } = this;
    if (status !== 200) return new RefusedAnswer(exchange, this, { status, retryAfter: retryAfterSeconds(headers) });
    if (!exchange.request.isStream) return new PlainAnswer(exchange, this);
    // JSON in one piece is an error, if anything; any other type, or none, may be a stream whose sender does not know better.
    return String(headers['content-type']).toLowerCase().includes('json')
      ? new RefusedAnswer(exchange, this, { status, retryAfter: retryAfterSeconds(headers) })
      : new StreamAnswer(exchange, this);
  }
}
