import { setTimeout as delay } from 'node:timers/promises';

/** What customers noticed. */
export interface Served {
  /** Milliseconds to the end of each answer. */
  durations: number[];
  /** Answers that were none, by status or by the error of the connection. */
  failures: string[];
}

/** Customers who ask at a steady pace, whatever becomes of the requests before. */
export class Customers {
  #served: Served = { durations: [], failures: [] };
  readonly #open = new Set<Promise<void>>();
  #isLeaving = false;
  #run: Promise<void> | undefined;

  constructor(
    private readonly ask: () => Promise<Response>,
    private readonly perSecond: number,
  ) {}

  begin(): void {
    this.#run = this.#askOn();
  }

  /** What was noticed since it was last asked for. */
  take(): Served {
    const served = this.#served;
    this.#served = { durations: [], failures: [] };
    return served;
  }

  /** Resolves once the last answer is there. */
  async end(): Promise<void> {
    this.#isLeaving = true;
    await this.#run;
    await Promise.all(this.#open);
  }

  async #askOn(): Promise<void> {
    while (!this.#isLeaving) {
      const one: Promise<void> = this.#one().finally(() => this.#open.delete(one));
      this.#open.add(one);
      await delay(1_000 / this.perSecond);
    }
  }

  async #one(): Promise<void> {
    const startedAt = performance.now();
    try {
      const response = await this.ask();
      await response.arrayBuffer();
      if (!response.ok) this.#served.failures.push(String(response.status));
    } catch (error) {
      this.#served.failures.push(String(error));
    }
    this.#served.durations.push(performance.now() - startedAt);
  }
}
