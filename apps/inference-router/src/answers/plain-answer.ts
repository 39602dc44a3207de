import { splice, type AnswerParts } from '@orgn/dialects';
import { ServiceError } from '@orgn/contracts';
import { formatUsd } from '@orgn/pricing';
import type { Exchange } from '../exchange/exchange.ts';
import { chargeEdits, edited, ownEdits } from './answer-editing.ts';
import { toAnswerFault } from './answer-fault.ts';
import type { AnswerReader } from './answer-reader.ts';
import { failedBy, type Attempt } from './attempt.ts';
import { failByRefusal, insideOf200 } from './refused-answer.ts';

const MARK = Buffer.from('\ufeff');

/** An answer in one piece: held until its usage is stored, so that it can carry its cost. */
export class PlainAnswer implements AnswerReader {
  readonly #chunks: Buffer[] = [];

  constructor(
    private readonly exchange: Exchange,
    private readonly attempt: Attempt,
  ) {}

  onData(chunk: Buffer): void {
    try {
      this.exchange.hold(chunk.length);
      this.#chunks.push(chunk);
    } catch (error) {
      this.#break(toAnswerFault(error));
    }
  }

  onEnd(): void {
    const sent = Buffer.concat(this.#chunks);
    const body = sent.subarray(0, MARK.length).equals(MARK) ? sent.subarray(MARK.length) : sent;
    const parts = this.exchange.request.answer.read(body);
    const { exchange, attempt } = this;
    if (parts?.hasError) return failByRefusal({ exchange, attempt }, insideOf200, body);
    if (!parts?.hasChoices)
      return failedBy(
        attempt,
        new ServiceError('provider_unavailable', 'The model provider sent an unreadable answer.'),
      );
    try {
      this.#release(body, parts);
    } catch (error) {
      this.#refuse(toAnswerFault(error));
    }
  }

  /** Nothing of it was sent, so another model may answer; not the same one again, which has worked and may charge for it. */
  onBroken(error: ServiceError): void {
    failedBy(this.attempt, error);
  }

  /** Unless it throws, the answer is one that the caller gets and pays for. */
  #release(body: Buffer, parts: AnswerParts): void {
    const { exchange } = this;
    const form = exchange.request.answer;
    exchange.hearRouting(body);
    exchange.hearWhole(parts, form.estimate(body, parts));
    const answer = this.#answerOf(body, parts);
    void exchange.complete((cost) => {
      exchange.sink.begin({
        ...exchange.headers(form.contentType),
        'content-length': String(answer.length),
        'x-ollm-cost': formatUsd(cost),
      });
      exchange.sink.end(answer);
    });
  }

  #answerOf(body: Buffer, parts: AnswerParts): Buffer {
    const { exchange } = this;
    const { translation } = exchange.request.answer;
    if (translation) return translation.toAnswer(splice(body, chargeEdits(body, parts, exchange)), exchange.identity);
    if (exchange.order.isRaw) return body;
    const own = [...ownEdits(body, parts, exchange), ...chargeEdits(body, parts, exchange)];
    return edited(body, [...own, ...(exchange.request.answer.edits?.(body) ?? [])]);
  }

  /** A breach of its terms is not mended by asking somebody else. */
  #refuse(error: ServiceError): void {
    if (error.code === 'zdr_unavailable') return this.#break(error);
    failedBy(this.attempt, error);
  }

  #break(error: ServiceError): void {
    this.exchange.fail(error.toWire(), error);
  }
}
