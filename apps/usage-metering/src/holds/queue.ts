import { FleetingMap } from '@orgn/collections';
import type { RequestId } from '@orgn/contracts';
import type { HoldOrder, HoldOutcome } from './hold-order.ts';
import type { Stock } from './stock.ts';

/** Requests of one team that wait for money at a time: beyond, they are told at once that it is held. */
const MOST_WAITING = 20_000;
/** How long the outcome of a wait is kept for whoever asked for it. */
const KEPT_MS = 5_000;
/** A slow database may take so much longer to say whether there is enough, before nobody waits for it any more. */
const UNKNOWN_MS = 3_000;

/** A request that waits for money which others hold. */
export class Waiting {
  readonly answer: Promise<HoldOutcome>;
  /** What is known from before that is too old: there may be more by now. */
  since = performance.now();
  /** What has nothing for it now. */
  blockedBy: readonly Stock[] = [];
  /** It was found that others are in the way, and nothing was in the way of finding out since. Else nobody knows whether it has to wait at all. */
  isKnown = false;
  #resolve: (answer: HoldOutcome) => void = () => undefined;

  /** @param until monotonic milliseconds */
  constructor(
    readonly order: HoldOrder,
    readonly stocks: readonly Stock[],
    readonly until: number,
  ) {
    this.answer = new Promise((resolve) => (this.#resolve = resolve));
    for (const stock of stocks) stock.waiting += 1;
  }

  end(answer: HoldOutcome): void {
    for (const stock of this.stocks) stock.waiting -= 1;
    this.#resolve(answer);
  }
}

/** Those who wait, in the order in which they came. */
export class Queue {
  readonly #open = new FleetingMap<RequestId, Waiting>();
  /** Those whose outcome may still be asked for. */
  readonly #ended = new FleetingMap<RequestId, Waiting>();
  #amount = 0n;

  get isFull(): boolean {
    return this.#open.size >= MOST_WAITING;
  }

  /** Whether it is known of who came first that others are in the way. */
  get isKnown(): boolean {
    const [first] = this.#open.values();
    return first?.isKnown ?? false;
  }

  get size(): number {
    return this.#open.size;
  }

  get isEmpty(): boolean {
    return this.#open.size === 0;
  }

  /** What all of them together wait for, in nano-USD. */
  get amount(): bigint {
    return this.#amount;
  }

  find(id: RequestId): Waiting | undefined {
    return this.#open.get(id) ?? this.#ended.get(id);
  }

  add(order: HoldOrder, stocks: readonly Stock[], waitMs: number): void {
    const waiting = new Waiting(order, stocks, order.askedAt + waitMs);
    this.#open.set(order.admission.requestId, waiting);
    this.#amount += order.nanoUsd;
  }

  end(waiting: Waiting, answer: HoldOutcome): void {
    const { requestId } = waiting.order.admission;
    if (!this.#open.delete(requestId)) return;
    this.#amount -= waiting.order.nanoUsd;
    this.#ended.set(requestId, waiting);
    waiting.end(answer);
  }

  /** The first who is not in the way of somebody before it: what lacks for one is not given to a later one. */
  next(): Waiting | undefined {
    const lacking = new Set<Stock>();
    for (const waiting of this.#open.values()) {
      const isBlocked = waiting.blockedBy.length > 0 || waiting.stocks.some((stock) => lacking.has(stock));
      if (!isBlocked) return waiting;
      waiting.isKnown = true;
      for (const stock of waiting.blockedBy) lacking.add(stock);
    }
    return undefined;
  }

  unblock(): void {
    const now = performance.now();
    for (const waiting of this.#open.values()) Object.assign(waiting, { blockedBy: [], since: now });
  }

  /** It could not be found out how scopes stand: what was known of who is in the way may be long over. */
  doubt(): void {
    for (const waiting of this.#open.values()) Object.assign(waiting, { blockedBy: [], isKnown: false });
  }

  /** Ends the wait of those who have waited long enough: not always the first, since some have waited for their turn before. */
  expire(toAnswer: (waiting: Waiting) => HoldOutcome): void {
    const now = performance.now();
    for (const waiting of this.#open.values()) {
      if (waiting.until + (waiting.isKnown ? 0 : UNKNOWN_MS) <= now) this.end(waiting, toAnswer(waiting));
    }
    for (const [id, { until }] of this.#ended) {
      if (now - until < KEPT_MS) break;
      this.#ended.delete(id);
    }
  }

  endAll(answer: HoldOutcome): void {
    for (const waiting of this.#open.values()) this.end(waiting, answer);
  }
}
