import { ServiceError } from '@orgn/contracts';

/** Longer than a ticket opens this router to its request id, so that a repeated one cannot slip in behind. */
const GENERATION_MS = 3 * 60_000;
/** Ids of one generation: 2,700 requests a second, in about 50 MB. */
const MOST_IDS = 500_000;

/**
 * Request ids this router has accepted: each is accepted once, so that no retry can execute or charge twice. Two
 * generations are kept, the current one and the one before.
 */
export class RequestIds {
  #current = new Set<string>();
  #former = new Set<string>();
  #since: number;

  constructor(
    private readonly mostIds = MOST_IDS,
    /** Of a monotonic clock, in milliseconds. */
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#since = now();
  }

  /**
   * @returns false when the id was accepted before
   * @throws ServiceError `service_unavailable` when there are too many to remember: forgetting one could charge it twice
   */
  accept(id: string): boolean {
    this.#turn();
    if (this.#current.has(id) || this.#former.has(id)) return false;
    if (this.#current.size >= this.mostIds) {
      throw new ServiceError('service_unavailable', 'This router has more requests than it can keep apart; try again.');
    }
    this.#current.add(id);
    return true;
  }

  #turn(): void {
    const age = this.now() - this.#since;
    if (age < GENERATION_MS) return;
    this.#former = age < 2 * GENERATION_MS ? this.#current : new Set();
    this.#current = new Set();
    this.#since = this.now();
  }
}
