/** There was no turn within the time that is waited for one; nothing was done. */
export class TurnstileFullError extends Error {
  constructor() {
    super('too many works are waiting for their turn');
    this.name = 'TurnstileFullError';
  }
}

interface Waiting {
  go(): void;
}

/**
 * Lets a number of works run at once; the others wait for their turn, in order. Holds work that waits for something slow
 * to a part of a pool of connections, so that the rest of it serves what is quick.
 */
export class Turnstile {
  #free: number;
  readonly #waiting = new Set<Waiting>();

  /**
   * @param atOnce works that run at the same time
   * @param patienceMs how long a work waits for its turn, in milliseconds
   */
  constructor(
    atOnce: number,
    private readonly patienceMs = 3_000,
  ) {
    this.#free = atOnce;
  }

  /** @throws TurnstileFullError when the turn did not come in time; `work` was not begun then */
  async pass<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await this.#turn();
    try {
      return await work();
    } finally {
      const [next] = this.#waiting;
      if (next) next.go();
      else this.#free += 1;
    }
  }

  #turn(): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (end: () => void) => {
        clearTimeout(timer);
        this.#waiting.delete(waiting);
        end();
      };
      const waiting = { go: () => leave(resolve) };
      const timer = setTimeout(() => leave(() => reject(new TurnstileFullError())), this.patienceMs);
      this.#waiting.add(waiting);
    });
  }
}
