import type { RateStanding } from '@orgn/contracts';

const BUCKET_MS = 1_000;
/** A minute, and the bucket that it began in: in no 60 s is there more than the limit. */
const BUCKETS = 61;

/** What a lineage has used of one limit by the minute: a sliding window, counted by the second. */
export class RateWindow {
  readonly #counts = new Float64Array(BUCKETS);
  #sum = 0;
  #last: number;

  /** @param now monotonic milliseconds */
  constructor(private readonly now: () => number = () => performance.now()) {
    this.#last = this.#bucket();
  }

  /** Counts `amount` if that stays within the limit. @returns milliseconds to wait; 0: it was counted */
  take(amount: number, limit: number): number {
    this.#turn();
    if (this.#sum + amount <= limit) {
      this.#add(this.#last, amount);
      return 0;
    }
    return this.#until(Math.max(0, limit - amount));
  }

  /** Counts what was counted elsewhere at a moment, or, less than zero, what turned out to be less than was counted then. */
  add(at: number, amount: number): void {
    this.#turn();
    const bucket = Math.min(this.#last, Math.floor(at / BUCKET_MS));
    if (this.#last - bucket < BUCKETS) this.#add(bucket, Math.max(amount, -(this.#counts[slotOf(bucket)] ?? 0)));
  }

  standing(limit: number): RateStanding {
    this.#turn();
    return { limit, remaining: Math.max(0, Math.floor(limit - this.#sum)), resetMs: this.#until(0) };
  }

  get isEmpty(): boolean {
    this.#turn();
    return this.#sum === 0;
  }

  /** Milliseconds until no more than `most` is left. */
  #until(most: number): number {
    let left = this.#sum;
    for (let bucket = this.#last - BUCKETS + 1; bucket <= this.#last; bucket += 1) {
      if (left <= most) return Math.max(0, Math.ceil((bucket - 1 + BUCKETS) * BUCKET_MS - this.now()));
      left -= this.#counts[slotOf(bucket)] ?? 0;
    }
    return Math.ceil((this.#last + BUCKETS) * BUCKET_MS - this.now());
  }

  #add(bucket: number, amount: number): void {
    this.#counts[slotOf(bucket)] = (this.#counts[slotOf(bucket)] ?? 0) + amount;
    this.#sum += amount;
  }

  #turn(): void {
    const current = this.#bucket();
    for (let bucket = Math.max(this.#last + 1, current - BUCKETS + 1); bucket <= current; bucket += 1) {
      this.#sum -= this.#counts[slotOf(bucket)] ?? 0;
      this.#counts[slotOf(bucket)] = 0;
    }
    this.#last = current;
  }

  #bucket(): number {
    return Math.floor(this.now() / BUCKET_MS);
  }
}

/** What another replica counted before this one started has a bucket below zero. */
function slotOf(bucket: number): number {
  return ((bucket % BUCKETS) + BUCKETS) % BUCKETS;
}
