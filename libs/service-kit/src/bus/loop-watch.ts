const TICK_MS = 50;
/** A tick that comes this much later than it should: the loop stood still, or the whole process did. */
const STALL_MS = 250;
/** Two standstills of this length within 10 s are more than a hiccup. */
const LONG_STALL_MS = 500;
const UNSTEADY_MS = 10_000;

/**
 * Knows when this process stood still. What arrived meanwhile waited unseen, so it counts as received when the standstill
 * began: nobody may wait for its answer any more.
 */
export class LoopWatch {
  #tickedAt = performance.now();
  #stoodFrom: number | undefined;
  /** When the last two long standstills ended. */
  #longStalls: [number, number] = [-Infinity, -Infinity];
  readonly #timer: NodeJS.Timeout;

  constructor() {
    this.#timer = setInterval(() => this.#tick(), TICK_MS).unref();
  }

  /** When what is received now may have arrived at the earliest, in monotonic milliseconds. */
  get receivedAt(): number {
    const now = performance.now();
    return now - this.#tickedAt > STALL_MS ? this.#tickedAt : (this.#stoodFrom ?? now);
  }

  /** Did the loop stand still for more than 500 ms twice within the last 10 s? */
  get isUnsteady(): boolean {
    return performance.now() - this.#longStalls[0] < UNSTEADY_MS;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** What waited in sockets is read after the first tick, so the standstill counts until the next. */
  #tick(): void {
    const now = performance.now();
    if (now - this.#tickedAt - TICK_MS > LONG_STALL_MS) this.#longStalls = [this.#longStalls[1], now];
    this.#stoodFrom = now - this.#tickedAt > STALL_MS ? this.#tickedAt : undefined;
    this.#tickedAt = now;
  }
}
