import { TokenBucket, type Allowance } from './token-bucket.ts';

/**
 * A token bucket of failures. An attempt reserves a token before it is made and is charged only if it fails:
 * so many attempts at the same time cannot fail more often than the bucket allows. Times are milliseconds of a monotonic clock.
 */
export class FailureBucket {
  readonly #bucket: TokenBucket;
  #reserved = 0;

  constructor(allowance: Allowance, now: number) {
    this.#bucket = new TokenBucket(allowance, now);
  }

  /** Attempts that may begin beside those under way. */
  free(now: number): number {
    return this.#bucket.tokens(now) - this.#reserved;
  }

  /**
   * `yes`: an attempt may be made. `later`: attempts under way hold the last tokens. Otherwise the milliseconds until
   * there is a token again.
   */
  outlook(now: number): 'yes' | 'later' | number {
    if (this.free(now) >= 1) return 'yes';
    return this.#bucket.tokens(now) >= 1 ? 'later' : this.#bucket.waitMs(now);
  }

  reserve(): void {
    this.#reserved += 1;
  }

  /** Ends an attempt that held a token. */
  release(): void {
    this.#reserved -= 1;
  }

  /**
   * Counts a failure, also of an attempt that held no token.
   * @returns whether it was within the allowance
   */
  charge(now: number): boolean {
    const isAllowed = this.#bucket.tokens(now) >= 1;
    if (isAllowed) this.#bucket.charge(1, now);
    return isAllowed;
  }
}
