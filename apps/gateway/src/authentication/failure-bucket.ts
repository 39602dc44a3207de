/** How many failures are forgiven, and how fast they are forgotten. */
export interface FailureAllowance {
  /** Failures in a row. */
  burst: number;
  /** Milliseconds after which one more is forgiven. */
  refillMs: number;
}

/**
 * A token bucket of failures. An attempt reserves a token before it is made and is charged only if it fails:
 * so many attempts at the same time cannot fail more often than the bucket allows. Times are milliseconds of a monotonic clock.
 */
export class FailureBucket {
  #tokens: number;
  #reserved = 0;
  #updatedAt: number;

  constructor(
    private readonly allowance: FailureAllowance,
    now: number,
  ) {
    this.#tokens = allowance.burst;
    this.#updatedAt = now;
  }

  /**
   * `yes`: an attempt may be made. `later`: attempts under way hold the last tokens. Otherwise the milliseconds until
   * there is a token again.
   */
  outlook(now: number): 'yes' | 'later' | number {
    this.#refill(now);
    if (this.#tokens - this.#reserved >= 1) return 'yes';
    if (this.#tokens >= 1) return 'later';
    return (1 - this.#tokens) * this.allowance.refillMs;
  }

  reserve(): void {
    this.#reserved += 1;
  }

  /** Ends an attempt that held a token. */
  release(): void {
    this.#reserved -= 1;
  }

  /** Counts a failure, also of an attempt that held no token. */
  charge(now: number): void {
    this.#refill(now);
    this.#tokens -= 1;
  }

  #refill(now: number): void {
    const { burst, refillMs } = this.allowance;
    this.#tokens = Math.min(burst, this.#tokens + (now - this.#updatedAt) / refillMs);
    this.#updatedAt = now;
  }
}
