import { FleetingMap } from '@orgn/collections';
import type { KeyId, RequestId } from '@orgn/contracts';
import type { Admission } from '@orgn/service-kit';
import type { HoldOutcome } from './hold-order.ts';

/** Requests of one lineage that wait for their turn at a time: beyond, they are told at once. */
const MOST_WAITING = 10_000;
/** How long the outcome of a wait is kept for whoever asked for it. */
const KEPT_MS = 5_000;

interface Waiter {
  requestId: RequestId;
  /** Monotonic milliseconds. */
  until: number;
  /** What to do when it is its turn. */
  admit(): HoldOutcome | Promise<HoldOutcome>;
  end(answer: HoldOutcome | Promise<HoldOutcome>): void;
}

interface Lineage {
  /** How many of it may run at a time, by its latest ticket. */
  most: number;
  open: Set<RequestId>;
  waiting: Waiter[];
}

/** Requests of a key's lineage that run at a time, over all gateways: who comes when there are as many as may be waits in turn. */
export class Turns {
  readonly #lineages = new Map<KeyId, Lineage>();
  readonly #open = new Map<RequestId, { lineageId: KeyId; at: number }>();
  readonly #outcomes = new FleetingMap<RequestId, { answer: Promise<HoldOutcome>; at: number }>();

  constructor(private readonly waitMs: number) {}

  /** Whether it may run now; then it is one of those that run. */
  take({ requestId, lineageId, concurrency }: Admission): boolean {
    if (concurrency === null || this.#open.has(requestId)) return true;
    const lineage = this.#lineageOf(lineageId);
    lineage.most = concurrency;
    this.#admitNext(lineageId, lineage);
    if (lineage.open.size >= concurrency) return false;
    this.heard(requestId, lineageId);
    return true;
  }

  /** Has it wait for its turn. @param admit what becomes of it then @returns false when too many wait already */
  wait(
    { requestId, lineageId }: Admission,
    admit: () => HoldOutcome | Promise<HoldOutcome>,
    late: HoldOutcome,
  ): boolean {
    const lineage = this.#lineageOf(lineageId);
    if (lineage.waiting.length >= MOST_WAITING) return false;
    const until = performance.now() + this.waitMs;
    const { promise: answer, resolve } = Promise.withResolvers<HoldOutcome>();
    const waiter: Waiter = { requestId, until, admit, end: resolve };
    lineage.waiting.push(waiter);
    this.#outcomes.set(requestId, { answer, at: until });
    setTimeout(() => this.#expire(lineage, waiter, late), this.waitMs).unref();
    return true;
  }

  /** What became of a request that waits, or has waited. */
  outcomeOf(requestId: RequestId): Promise<HoldOutcome> | undefined {
    return this.#outcomes.get(requestId)?.answer;
  }

  /** It runs, as another owner has said. */
  heard(requestId: RequestId, lineageId: KeyId): void {
    this.#lineageOf(lineageId).open.add(requestId);
    this.#open.set(requestId, { lineageId, at: performance.now() });
  }

  /** It has ended, or did not run. */
  ended(requestId: RequestId): void {
    const open = this.#open.get(requestId);
    if (!open) return;
    this.#open.delete(requestId);
    const lineage = this.#lineages.get(open.lineageId);
    if (!lineage) return;
    lineage.open.delete(requestId);
    this.#admitNext(open.lineageId, lineage);
    if (lineage.open.size === 0) this.#lineages.delete(open.lineageId);
  }

  /** Forgets what nobody will speak of any more. @param lifeMs of a request */
  tidy(lifeMs: number): void {
    const now = performance.now();
    for (const [id, { at }] of this.#open) {
      if (now - at < lifeMs) break;
      this.ended(id);
    }
    for (const [id, { at }] of this.#outcomes) {
      if (now - at < KEPT_MS) break;
      this.#outcomes.delete(id);
    }
  }

  #admitNext(lineageId: KeyId, lineage: Lineage): void {
    while (lineage.open.size < lineage.most) {
      const next = lineage.waiting.shift();
      if (!next) return;
      this.heard(next.requestId, lineageId);
      next.end(next.admit());
    }
  }

  #expire(lineage: Lineage, waiter: Waiter, late: HoldOutcome): void {
    const at = lineage.waiting.indexOf(waiter);
    if (at < 0) return;
    lineage.waiting.splice(at, 1);
    waiter.end(late);
  }

  #lineageOf(id: KeyId): Lineage {
    const known = this.#lineages.get(id);
    if (known) return known;
    const made: Lineage = { most: 0, open: new Set(), waiting: [] };
    this.#lineages.set(id, made);
    return made;
  }
}
