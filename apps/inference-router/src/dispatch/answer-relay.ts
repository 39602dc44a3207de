import { ServiceError } from '@orgn/contracts';
import type { AnswerReceiver } from '../providers/provider.client.ts';
import type { Exchange } from './exchange.ts';
import { PlainAnswer } from './plain-answer.ts';
import { RefusedAnswer } from './refused-answer.ts';
import { StreamAnswer } from './stream-answer.ts';

type Answer = PlainAnswer | RefusedAnswer | StreamAnswer;

/** Receives a provider's answer and hands it to the reader its status and type call for. */
export class AnswerRelay implements AnswerReceiver {
  #answer: Answer | undefined;

  constructor(
    private readonly exchange: Exchange,
    private readonly maxAnswerBytes: number,
  ) {
    exchange.sink.onGone(() => this.#callerLeft());
  }

  onStart(status: number, headers: Readonly<Record<string, string | string[] | undefined>>): void {
    const { exchange } = this;
    if (status !== 200) this.#answer = new RefusedAnswer(exchange, status, single(headers['retry-after']));
    else if (!exchange.plan.isStream) this.#answer = new PlainAnswer(exchange, this.maxAnswerBytes);
    else if (single(headers['content-type'])?.startsWith('text/event-stream'))
      this.#answer = new StreamAnswer(exchange);
    else
      return this.onError(new ServiceError('provider_unavailable', 'The model provider did not answer with a stream.'));
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
    this.exchange.fail(error.toWire(), error);
  }

  /** A stream whose tokens we count is ended upstream at once; anything else runs on, unseen, for the final figures. */
  #callerLeft(): void {
    const { plan } = this.exchange;
    if (plan.isStream && plan.kind.whenCallerLeaves === 'abort') {
      this.exchange.cancel(new ServiceError('request_timeout', 'the caller left'));
    } else {
      this.exchange.unblock();
    }
  }
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
