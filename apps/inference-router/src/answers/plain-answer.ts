import { modelEdit, splice, type AnswerParts } from '@orgn/dialects';
import { ServiceError } from '@orgn/contracts';
import { formatUsd } from '@orgn/pricing';
import type { Exchange } from '../exchange/exchange.ts';
import { toAnswerFault } from './answer-fault.ts';
import { costEdit } from './cost-edit.ts';

/** An answer in one piece: held until its usage is stored, so that it can carry its cost. */
export class PlainAnswer {
  readonly #chunks: Buffer[] = [];
  #length = 0;

  constructor(private readonly exchange: Exchange) {}

  begin(): void {
    // Nothing leaves before the usage is stored.
  }

  onData(chunk: Buffer): void {
    this.#length += chunk.length;
    if (this.#length > this.exchange.limits.maxAnswerBytes)
      this.#break(new ServiceError('provider_unavailable', 'The model provider sent an answer that is too large.'));
    else this.#chunks.push(chunk);
  }

  onEnd(): void {
    const { exchange } = this;
    const body = Buffer.concat(this.#chunks);
    const form = exchange.request.answer;
    const parts = form.read(body);
    if (!parts || parts.hasError || !parts.hasChoices)
      return this.#break(new ServiceError('provider_unavailable', 'The model provider sent an unreadable answer.'));
    try {
      exchange.hearRouting(body);
      this.#release(body, parts, form.translation?.toAnswer(body, exchange.identity));
    } catch (error) {
      this.#break(toAnswerFault(error));
    }
  }

  /** From here on the answer is one that the caller gets and pays for. */
  #release(body: Buffer, parts: AnswerParts, translated: Buffer | undefined): void {
    const { exchange } = this;
    exchange.hearWhole(parts.usage, exchange.request.answer.estimate(body));
    const answer = translated ?? this.#edited(body, parts);
    void exchange.complete((cost) => {
      exchange.sink.begin({
        ...exchange.headers(exchange.request.answer.contentType),
        'content-length': String(answer.length),
        'x-ollm-cost': formatUsd(cost),
      });
      exchange.sink.end(answer);
    });
  }

  #edited(body: Buffer, parts: AnswerParts): Buffer {
    const { exchange } = this;
    if (exchange.order.isRaw) return body;
    return splice(body, [...modelEdit(parts, exchange.target.model.id), ...costEdit(body, parts, exchange)]);
  }

  #break(error: ServiceError): void {
    this.exchange.fail(error.toWire(), error);
  }
}
