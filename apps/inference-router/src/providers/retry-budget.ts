/** What a fresh budget allows, so that a quiet deployment can retry at all. */
const BURST = 10;

/**
 * How many retries an endpoint gets: a share of the requests made to it. Without a bound, retries multiply the load on a
 * provider at the moment it can bear it least.
 */
export class RetryBudget {
  #tokens = BURST;

  /** @param ratio retries earned by each request */
  constructor(private readonly ratio: number) {}

  /** A first attempt was made. */
  deposit(): void {
    this.#tokens = Math.min(BURST, this.#tokens + this.ratio);
  }

  /** @returns false when the budget is spent: do not retry */
  withdraw(): boolean {
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
