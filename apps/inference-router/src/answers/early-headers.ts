import type { Exchange } from '../exchange/exchange.ts';
import { openStream } from './open-stream.ts';

/**
 * Lets the headers of a stream leave while its first token is slow, and comments after them: balancers and clients cut a
 * connection on which nothing comes. The price is the status, and every other model.
 */
export class EarlyHeaders {
  #timer: NodeJS.Timeout | undefined;

  /** @param afterMs silence after the first dispatch to a provider, in milliseconds; 0: never */
  constructor(
    private readonly exchange: Exchange,
    private readonly afterMs: number,
  ) {}

  /** A provider has been asked. Counts from the first time. */
  arm(): void {
    const { request, order } = this.exchange;
    if (this.afterMs === 0 || !request.isStream || order.isRaw) return;
    this.#timer ??= setTimeout(() => this.#send(), this.afterMs);
  }

  cancel(): void {
    clearTimeout(this.#timer);
  }

  #send(): void {
    const { sink, hasEnded } = this.exchange;
    if (hasEnded || sink.hasBegun) return;
    openStream(this.exchange);
    sink.beat();
  }
}
