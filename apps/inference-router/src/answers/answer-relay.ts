import { ServiceError } from '@orgn/contracts';
import type { Exchange } from '../exchange/exchange.ts';
import type { AnswerHeaders, AnswerReceiver } from '../providers/provider.client.ts';
import { UpstreamError } from '../providers/upstream-error.ts';
import type { Attempt } from './attempt.ts';
import { PlainAnswer } from './plain-answer.ts';
import { RefusedAnswer } from './refused-answer.ts';
import { StreamAnswer } from './stream-answer.ts';

type Answer = PlainAnswer | RefusedAnswer | StreamAnswer;

/** Receives what a provider answers to one attempt, and hands it to the reader its status and type call for. */
export class AnswerRelay implements AnswerReceiver {
  #answer: Answer | undefined;

  constructor(
    private readonly exchange: Exchange,
    private readonly attempt: Attempt,
  ) {}

  onStart(status: number, headers: AnswerHeaders): void {
    if (this.exchange.hasEnded) return;
    const { exchange, attempt } = this;
    if (status !== 200)
      this.#answer = new RefusedAnswer(exchange, attempt, { status, retryAfter: single(headers['retry-after']) });
    else if (!exchange.request.isStream) this.#answer = new PlainAnswer(exchange);
    else if (single(headers['content-type'])?.startsWith('text/event-stream'))
      this.#answer = new StreamAnswer(exchange);
    else
      return this.#break(new ServiceError('provider_unavailable', 'The model provider did not answer with a stream.'));
    this.#answer.begin();
  }

  onData(chunk: Buffer): void {
    if (!this.exchange.hasEnded) this.#answer?.onData(chunk);
  }

  onEnd(): void {
    if (!this.exchange.hasEnded) this.#answer?.onEnd();
  }

  onError(error: ServiceError): void {
    if (this.exchange.hasEnded) return;
    // Once an answer has begun there is no other attempt: it may have been charged, and a part of it may be on its way.
    if (this.#answer && !(this.#answer instanceof RefusedAnswer)) return this.#break(error);
    const isRetryable = error instanceof UpstreamError && error.isRetryable;
    this.attempt.failed(error.toWire(), error, { isRetryable });
  }

  #break(error: ServiceError): void {
    this.exchange.fail(error.toWire(), error);
  }
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
