import { splicePieces, withoutByteOrderMark, type AnswerParts } from '@orgn/dialects';
import { ServiceError } from '@orgn/contracts';
import { formatUsd } from '@orgn/pricing';
import { ByteBlocks, lengthOf } from '@orgn/service-kit';
import type { WholeAnswer } from '../endpoints/whole-answer.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { chargeEdits, editedPieces, namingEdits } from './answer-editing.ts';
import { toAnswerFault } from './answer-fault.ts';
import type { AnswerReader } from './answer-reader.ts';
import { failedBy, type Attempt } from './attempt.ts';
import { failByRefusal, insideOf200 } from './refused-answer.ts';

/** An answer that is what it should be. */
type GoodAnswer = WholeAnswer & { parts: AnswerParts };

/** An answer in one piece: held until its usage is stored, so that it can carry its cost. */
export class PlainAnswer implements AnswerReader {
  readonly #blocks = new ByteBlocks();

  constructor(
    private readonly exchange: Exchange,
    private readonly attempt: Attempt,
  ) {}

  onData(chunk: Buffer): void {
    try {
      this.exchange.hold(chunk.length);
      this.#blocks.add(chunk);
    } catch (error) {
      this.#break(toAnswerFault(error));
    }
  }

  onEnd(): void {
    const [first, ...others] = this.#blocks.take();
    void this.#answer(first ? [withoutByteOrderMark(first), ...others] : []);
  }

  /** Nothing of it was sent, so another model may answer; not the same one again, which has worked and may charge for it. */
  onBroken(error: ServiceError): void {
    failedBy(this.attempt, error);
  }

  async #answer(sent: readonly Buffer[]): Promise<void> {
    const { exchange } = this;
    const { isRaw } = exchange.order;
    try {
      const { provider } = exchange.target.model;
      const answer = await exchange.request.readWhole(sent, { provider, isRaw });
      if (!exchange.hasEnded) await this.#take(answer);
    } catch (error) {
      this.#refuse(toAnswerFault(error));
    }
  }

  async #take({ body, parts, ...rest }: WholeAnswer): Promise<void> {
    const { exchange, attempt } = this;
    if (parts?.hasError) failByRefusal({ exchange, attempt }, insideOf200, body);
    else if (parts?.hasChoices) await this.#release({ body, parts, ...rest });
    else failedBy(attempt, unreadable());
  }

  /** Unless it throws, the answer is one that the caller gets and pays for. */
  async #release(whole: GoodAnswer): Promise<void> {
    const { exchange } = this;
    const form = exchange.request.answer;
    exchange.hearRouting(whole.routing);
    exchange.hearWhole(whole.parts, whole.estimate);
    const answer = await this.#answerOf(whole);
    void exchange.complete((cost) => {
      exchange.sink.begin({
        ...exchange.headers(form.contentType),
        'content-length': String(lengthOf(answer)),
        'x-ollm-cost': formatUsd(cost),
      });
      exchange.sink.endWith(answer);
    });
  }

  async #answerOf({ body, parts, hidden }: GoodAnswer): Promise<Buffer[]> {
    const { exchange } = this;
    const { request, identity, order } = exchange;
    if (request.answer.translation)
      return [await request.translateWhole(splicePieces(body, chargeEdits(body, parts, exchange)), identity)];
    if (order.isRaw) return [body];
    return editedPieces(body, [...namingEdits(parts, exchange), ...hidden, ...chargeEdits(body, parts, exchange)]);
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

function unreadable(): ServiceError {
  return new ServiceError('provider_unavailable', 'The model provider sent an unreadable answer.');
}
