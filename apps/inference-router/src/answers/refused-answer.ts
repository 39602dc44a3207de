import { ServiceError } from '@orgn/contracts';
import { parseOrUndefined, reportsError } from '@orgn/dialects';
import type { Exchange } from '../exchange/exchange.ts';
import type { AnswerReader } from './answer-reader.ts';
import { failedBy, type Attempt } from './attempt.ts';
import { toRefusal, type RefusalHead } from './provider-refusal.ts';

const MAX_ERROR_BYTES = 64 * 1024;

/** The head of an error that stands in an answer which began as a good one. */
export const insideOf200: RefusalHead = { status: 200, retryAfter: undefined };

/** A provider's error answer: read up to a bound, then the next attempt's reason or the caller's refusal. */
export class RefusedAnswer implements AnswerReader {
  readonly #chunks: Buffer[] = [];
  #length = 0;

  constructor(
    private readonly exchange: Exchange,
    private readonly attempt: Attempt,
    private readonly head: RefusalHead,
  ) {}

  onData(chunk: Buffer): void {
    this.#length += chunk.length;
    if (this.#length <= MAX_ERROR_BYTES) this.#chunks.push(chunk);
  }

  onEnd(): void {
    const body = Buffer.concat(this.#chunks);
    if (this.head.status === 200 && !isError(body)) return failedBy(this.attempt, notAStream());
    failByRefusal({ exchange: this.exchange, attempt: this.attempt }, this.head, body);
  }

  /** The status is known all the same. */
  onBroken(): void {
    this.onEnd();
  }
}

/** Ends an attempt with what the provider said. @param body of its error */
export function failByRefusal(by: { exchange: Exchange; attempt: Attempt }, head: RefusalHead, body: Buffer): void {
  const { refusal, isRetryable } = toRefusal(head, body.subarray(0, MAX_ERROR_BYTES), by.exchange.target.kind);
  by.attempt.failed(refusal, new ServiceError(refusal.code, 'refused by the provider'), { isRetryable });
}

function isError(body: Buffer): boolean {
  const value = parseOrUndefined(body);
  return typeof value === 'object' && value !== null && reportsError(value as Record<string, unknown>, 'choices');
}

function notAStream(): ServiceError {
  return new ServiceError('provider_unavailable', 'The model provider did not answer with a stream.');
}
