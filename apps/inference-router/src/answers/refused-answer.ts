import { ServiceError } from '@orgn/contracts';
import type { Exchange } from '../exchange/exchange.ts';
import type { Attempt } from './attempt.ts';
import { toRefusal } from './provider-refusal.ts';

const MAX_ERROR_BYTES = 64 * 1024;
/** The provider did not take the request, or not fully: sending it again is harmless. */
const retryable = new Set([502, 503, 504]);

/** A provider's error answer: read up to a bound, then the next attempt's reason or the caller's refusal. */
export class RefusedAnswer {
  readonly #chunks: Buffer[] = [];
  #length = 0;

  constructor(
    private readonly exchange: Exchange,
    private readonly attempt: Attempt,
    private readonly head: { status: number; retryAfter: string | undefined },
  ) {}

  begin(): void {
    // The refusal leaves whole.
  }

  onData(chunk: Buffer): void {
    this.#length += chunk.length;
    if (this.#length <= MAX_ERROR_BYTES) this.#chunks.push(chunk);
  }

  onEnd(): void {
    const { status, retryAfter } = this.head;
    const refusal = toRefusal(status, Buffer.concat(this.#chunks), retryAfter, this.exchange.target.kind);
    const cause = new ServiceError(refusal.code, 'refused by the provider');
    this.attempt.failed(refusal, cause, { isRetryable: retryable.has(status) });
  }
}
