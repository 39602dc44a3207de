import { ServiceError } from '@orgn/contracts';
import type { Exchange } from './exchange.ts';
import { toRefusal } from './provider-refusal.ts';

const MAX_ERROR_BYTES = 64 * 1024;

/** A provider's error answer: read up to a bound, then told to the caller in our envelope. */
export class RefusedAnswer {
  readonly #chunks: Buffer[] = [];
  #length = 0;

  constructor(
    private readonly exchange: Exchange,
    private readonly status: number,
    private readonly retryAfter: string | undefined,
  ) {}

  begin(): void {
    // The refusal leaves whole.
  }

  onData(chunk: Buffer): void {
    this.#length += chunk.length;
    if (this.#length <= MAX_ERROR_BYTES) this.#chunks.push(chunk);
  }

  onEnd(): void {
    const refusal = toRefusal(this.status, Buffer.concat(this.#chunks), this.retryAfter, this.exchange.plan.kind);
    this.exchange.fail(refusal, new ServiceError(refusal.code, 'refused by the provider'));
  }
}
