export interface CircuitSettings {
  /** Failures within the window that open the circuit, if they are at least half of what was tried. */
  failures: number;
  windowMs: number;
  /** How long it stays open; doubled at each failed probe, up to `maxOpenMs`. */
  openMs: number;
  maxOpenMs: number;
}

export type CircuitState = 'closed' | 'open' | 'half_open';

/** One request that the circuit let through. The first of its verdicts counts. */
export class CircuitPass {
  #isSpent = false;

  constructor(private readonly settle: (verdict: 'succeeded' | 'failed' | 'unknown') => void) {}

  /** The endpoint answered as a working one does. */
  succeed(): void {
    this.#spend('succeeded');
  }

  fail(): void {
    this.#spend('failed');
  }

  /** It ended by our own doing and says nothing about the endpoint. */
  release(): void {
    this.#spend('unknown');
  }

  #spend(verdict: 'succeeded' | 'failed' | 'unknown'): void {
    if (this.#isSpent) return;
    this.#isSpent = true;
    this.settle(verdict);
  }
}

/**
 * Keeps requests away from an endpoint that fails, so that callers are refused at once instead of after a timeout, and
 * a struggling provider is not pushed down. After a while one request goes through as a probe and decides.
 */
export class Circuit {
  #state: CircuitState = 'closed';
  #windowStartedAt: number;
  #failures = 0;
  #total = 0;
  #openUntil = 0;
  #openMs: number;
  /** Until when a probe may take to decide; after that another one goes. */
  #probeUntil = 0;

  constructor(
    private readonly settings: CircuitSettings,
    private readonly now: () => number = Date.now,
  ) {
    this.#openMs = settings.openMs;
    this.#windowStartedAt = now();
  }

  get state(): CircuitState {
    return this.#state === 'open' && this.now() >= this.#openUntil ? 'half_open' : this.#state;
  }

  /** @returns undefined when nothing may be sent now */
  enter(): CircuitPass | undefined {
    if (this.state === 'closed') return new CircuitPass((verdict) => this.#count(verdict));
    if (this.state === 'open' || this.now() < this.#probeUntil) return undefined;
    this.#probeUntil = this.now() + this.#openMs;
    return new CircuitPass((verdict) => this.#judge(verdict));
  }

  #count(verdict: 'succeeded' | 'failed' | 'unknown'): void {
    if (verdict === 'unknown' || this.#state !== 'closed') return;
    if (this.now() - this.#windowStartedAt > this.settings.windowMs) this.#startWindow();
    this.#total += 1;
    if (verdict === 'succeeded') return;
    this.#failures += 1;
    if (this.#failures >= this.settings.failures && this.#failures * 2 >= this.#total) this.#open();
  }

  #judge(verdict: 'succeeded' | 'failed' | 'unknown'): void {
    this.#probeUntil = 0;
    if (verdict === 'unknown' || this.#state === 'closed') return;
    if (verdict === 'succeeded') {
      this.#state = 'closed';
      this.#openMs = this.settings.openMs;
      this.#startWindow();
      return;
    }
    this.#openMs = Math.min(this.#openMs * 2, this.settings.maxOpenMs);
    this.#open();
  }

  #open(): void {
    this.#state = 'open';
    this.#openUntil = this.now() + this.#openMs;
  }

  #startWindow(): void {
    this.#windowStartedAt = this.now();
    this.#failures = 0;
    this.#total = 0;
  }
}
