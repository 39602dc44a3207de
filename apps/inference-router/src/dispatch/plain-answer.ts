import { modelEdit, readChatAnswer, splice } from '@orgn/api';
import { ServiceError } from '@orgn/contracts';
import { formatUsd } from '@orgn/pricing';
import type { Exchange } from './exchange.ts';
import { estimateTokens } from './token-estimate.ts';

/** An answer in one piece: held until its usage is stored, so that it can carry its cost. */
export class PlainAnswer {
  readonly #chunks: Buffer[] = [];
  #length = 0;

  constructor(
    private readonly exchange: Exchange,
    private readonly maxAnswerBytes: number,
  ) {}

  begin(): void {
    // Nothing leaves before the usage is stored.
  }

  onData(chunk: Buffer): void {
    this.#length += chunk.length;
    if (this.#length > this.maxAnswerBytes) this.#break('The model provider sent an answer that is too large.');
    else this.#chunks.push(chunk);
  }

  onEnd(): void {
    const { exchange } = this;
    const body = Buffer.concat(this.#chunks);
    const parts = readChatAnswer(body);
    if (!parts || parts.hasError) return this.#break('The model provider sent an unreadable answer.');
    exchange.usage = parts.usage;
    exchange.outputs = estimateTokens(body.length);
    const answer = exchange.order.isRaw ? body : splice(body, modelEdit(parts, exchange.plan.entry.id));
    void exchange.complete((cost) => {
      exchange.sink.begin({
        ...exchange.headers('application/json'),
        'content-length': String(answer.length),
        'x-ollm-cost': formatUsd(cost),
      });
      exchange.sink.end(answer);
    });
  }

  #break(message: string): void {
    const error = new ServiceError('provider_unavailable', message);
    this.exchange.fail(error.toWire(), error);
  }
}
