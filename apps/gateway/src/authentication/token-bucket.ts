/** How much may happen at once, and how fast that comes back. */
export interface Allowance {
  /** What a full bucket holds. */
  burst: number;
  /** Milliseconds after which one more may happen. */
  refillMs: number;
}

/** A token bucket. Times are milliseconds of a monotonic clock. */
export class TokenBucket {
  #tokens: number;
  #updatedAt: number;

  constructor(
    private readonly allowance: Allowance,
    now: number,
  ) {
    this.#tokens = allowance.burst;
    this.#updatedAt = now;
  }

  /** What may happen now; below zero after more has happened than might. */
  tokens(now: number): number {
    const { burst, refillMs } = this.allowance;
    this.#tokens = Math.min(burst, this.#tokens + (now - this.#updatedAt) / refillMs);
    this.#updatedAt = now;
    return this.#tokens;
  }

  /** @returns false when there are not so many; none is taken then */
  take(count: number, now: number): boolean {
    if (this.tokens(now) < count) return false;
    this.#tokens -= count;
    return true;
  }

  /** Counts what has happened, allowed or not. */
  charge(count: number, now: number): void {
    this.#tokens = this.tokens(now) - count;
  }

  /** Milliseconds until there is one. */
  waitMs(now: number): number {
    return Math.max(0, 1 - this.tokens(now)) * this.allowance.refillMs;
  }
}
