import { setImmediate as endOfTurn, setTimeout as delay } from 'node:timers/promises';
import { ServiceError } from '@orgn/contracts';

/** The result of one item of a batch. */
export type Outcome<R> = { ok: R } | { error: ServiceError };

export interface BatcherOptions<T, R> {
  /** Sends one batch; answers one outcome an item, in order. Must settle within its own deadline. */
  send(items: T[]): Promise<Outcome<R>[]>;
  /** Most items in one message. */
  maxBatch: number;
  /** Longest time an item may wait for its turn before it is refused, in milliseconds. */
  maxWaitMs: number;
  /** A message that is under way longer no longer holds up the next one, in milliseconds; absent: it does. */
  lateMs?: number;
  /** Least time from one message to the next while there is more to send, in milliseconds: each is dear, what is in it is not. */
  gatherMs?: number;
}

/** So many messages may be late at a time; with more, the next one waits again. */
const MAX_LATE = 8;

interface Waiting<T, R> {
  item: T;
  until: number;
  resolve(reply: R): void;
  reject(error: Error): void;
}

/**
 * Natural batching: an item is sent with the next turn of the event loop when nothing is in flight; while a message is in
 * flight items collect, and all that collected leaves as the next message. Idle latency is one round trip, and under load the cost of an item
 * falls with the length of the queue; there is no timer and no cache.
 */
export class NaturalBatcher<T, R> {
  #waiting: Waiting<T, R>[] = [];
  #isSending = false;
  #sentAt = -Infinity;
  #late = 0;
  readonly #options: BatcherOptions<T, R>;

  constructor(options: BatcherOptions<T, R>) {
    this.#options = options;
  }

  /** Number of items that wait for the message in flight to return. */
  get queued(): number {
    return this.#waiting.length;
  }

  /** A message is in flight, or about to be. */
  get isBusy(): boolean {
    return this.#isSending;
  }

  /** @throws ServiceError of the item's own outcome, or `service_unavailable` when its message failed */
  add(item: T): Promise<R> {
    return new Promise<R>((resolve, reject) => {
      this.#waiting.push({ item, until: performance.now() + this.#options.maxWaitMs, resolve, reject });
      if (!this.#isSending) {
        this.#isSending = true;
        void this.#drain();
      }
    });
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      // What this turn of the event loop still brings shares the message (a burst of requests, what the answers of the last
      // message set going), and so does what had arrived on sockets by its end. It costs no wait: the loop does not
      // sleep in between.
      for (let turn = 0; turn < 2; turn += 1) await endOfTurn();
      await this.#gather();
      const batch = this.#takeLive();
      if (batch.length > 0) await this.#sendInTurn(batch);
    }
    this.#isSending = false;
  }

  /** Who comes alone, or after a pause, waits for nobody. */
  async #gather(): Promise<void> {
    const { gatherMs = 0, maxBatch } = this.#options;
    const waitMs = gatherMs === 0 ? 0 : this.#sentAt + gatherMs - performance.now();
    if (waitMs > 0 && this.#waiting.length < maxBatch) await delay(waitMs);
    this.#sentAt = performance.now();
  }

  async #sendInTurn(batch: Waiting<T, R>[]): Promise<void> {
    const { lateMs } = this.#options;
    const sent = this.#sendBatch(batch);
    if (lateMs === undefined || this.#late >= MAX_LATE) return sent;
    const { promise: late, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => resolve(true), lateMs);
    const isLate = await Promise.race([sent.then(() => false), late]);
    clearTimeout(timer);
    if (!isLate) return;
    this.#late += 1;
    void sent.finally(() => (this.#late -= 1));
  }

  #takeLive(): Waiting<T, R>[] {
    const taken = this.#waiting.splice(0, this.#options.maxBatch);
    const now = performance.now();
    return taken.filter((entry) => {
      const isLate = entry.until < now;
      if (isLate)
        entry.reject(new ServiceError('service_unavailable', 'The service is overloaded; try again shortly.'));
      return !isLate;
    });
  }

  async #sendBatch(batch: Waiting<T, R>[]): Promise<void> {
    try {
      const outcomes = await this.#options.send(batch.map((entry) => entry.item));
      batch.forEach((entry, index) => settle(entry, outcomes[index]));
    } catch (error) {
      for (const entry of batch) entry.reject(error as Error);
    }
  }
}

function settle<T, R>(entry: Waiting<T, R>, outcome: Outcome<R> | undefined): void {
  if (outcome && 'ok' in outcome) entry.resolve(outcome.ok);
  else entry.reject(outcome?.error ?? new ServiceError('internal', 'A batch came back incomplete.'));
}
