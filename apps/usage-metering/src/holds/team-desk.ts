import { FleetingMap } from '@orgn/collections';
import type { HoldAnswer, RequestId } from '@orgn/contracts';
import type { HoldOrder, HoldOutcome, OpenHold } from './hold-order.ts';
import { limitKey, type Limit } from './limit.ts';
import { Queue, type Waiting } from './queue.ts';
import { Stock, type Return } from './stock.ts';

/** What a desk asks of the world. */
export interface DeskTools {
  /** Draws what an order lacks. @returns false when the shard is not this owner's any more */
  draw(order: HoldOrder, stocks: readonly Stock[], waiting: bigint): Promise<boolean>;
  /** Gives parts of blocks back, sooner or later. */
  giveBack(returns: readonly Return[]): void;
  /** What proves a hold. */
  receiptOf(order: HoldOrder, blocks: readonly string[]): string;
  /** Is told of what is left too little of for an order. */
  refused(order: HoldOrder, stocks: readonly Stock[]): void;
  /** How long an order may wait from when it was asked for. */
  waitMs: number;
  idleMs: number;
  failed(error: unknown): void;
}

/** How often it is tried again to draw for those who wait, also when no settlement was heard of. */
const RETRY_MS = 100;
/** After so many draws in a row have failed nobody waits for the next one: a connection may break, a database that is gone is told of. */
const MOST_FAILED = 2;
const unknown: HoldOutcome = { state: 'unknown' };

/** The holds of one team, in the memory of the owner of its shard. Everything here but drawing happens in one turn. */
export class TeamDesk {
  readonly #stocks = new Map<string, Stock>();
  readonly #holds = new FleetingMap<RequestId, OpenHold>();
  readonly #queue = new Queue();
  #isDrawing = false;
  #isClosed = false;
  /** Draws that have failed since one has not. */
  #failed = 0;
  #retry: NodeJS.Timeout | undefined;

  constructor(private readonly tools: DeskTools) {}

  /** Sets money aside if it is there, in every scope or in none; else the request waits in turn. Repeated it answers the same. */
  take(order: HoldOrder): HoldOutcome {
    const { requestId } = order.admission;
    const known = this.#holds.get(requestId);
    if (known) return known.answer;
    if (this.#queue.find(requestId)) return { state: 'waiting' };
    const stocks = this.#stocksOf(order);
    if (stocks.every((stock) => stock.waiting === 0 && stock.free >= order.nanoUsd)) return this.#grant(order, stocks);
    if (this.#queue.isFull) return this.#queue.isKnown ? refusal('busy', stocks) : unknown;
    this.#queue.add(order, stocks, this.tools.waitMs);
    this.#pump();
    return { state: 'waiting' };
  }

  /** What a request wants that holds or waits; undefined: it does not. */
  orderOf(id: RequestId): HoldOrder | undefined {
    return this.#holds.get(id)?.order ?? this.#queue.find(id)?.order;
  }

  /** What became of a request that waits; undefined: it does not. */
  wait(id: RequestId): Promise<HoldOutcome> | undefined {
    const known = this.#holds.get(id);
    return known ? Promise.resolve(known.answer) : this.#queue.find(id)?.answer;
  }

  /** Forgets a hold whose usage was settled: the database has released it. */
  settled(id: RequestId): OpenHold | undefined {
    const hold = this.#forget(id);
    for (const [key, block] of hold?.blocks ?? []) this.#stocks.get(key)?.settled(block);
    return hold;
  }

  /** Takes a hold back whose request will not run. */
  release(id: RequestId): OpenHold | undefined {
    const waiting = this.#queue.find(id);
    if (waiting) this.#queue.end(waiting, { state: 'not_owner' });
    const hold = this.#forget(id);
    if (!hold) return undefined;
    const returns = hold.blocks.flatMap(([key, block]) => {
      const isKept = this.#stocks.get(key)?.giveBack(block, hold.order.nanoUsd);
      return isKept ? [] : [{ block, nanoUsd: hold.order.nanoUsd, isEnded: false }];
    });
    if (returns.length > 0) this.tools.giveBack(returns);
    this.news();
    return hold;
  }

  /** Room may have come: whoever waits is looked at again. */
  news(): void {
    this.#expire();
    this.#queue.unblock();
    this.#pump();
  }

  /** Gives back what is due, and forgets what is over. @param isOld of holds that nobody will speak of any more */
  tidy(databaseNow: number, isOld: (hold: OpenHold) => boolean): void {
    const due = [...this.#stocks.values()].filter((stock) => stock.isDue(databaseNow));
    const returns = due.flatMap((stock) => stock.end() ?? []);
    if (returns.length > 0) this.tools.giveBack(returns);
    for (const [key, stock] of this.#stocks) if (stock.isIdle) this.#stocks.delete(key);
    for (const [id, hold] of this.#holds) if (isOld(hold)) this.#holds.delete(id);
    this.#expire();
  }

  get isEmpty(): boolean {
    return this.#stocks.size === 0 && this.#holds.size === 0 && this.#queue.isEmpty;
  }

  get openHolds(): number {
    return this.#holds.size;
  }

  get waitingHolds(): number {
    return this.#queue.size;
  }

  /** The shard goes to somebody else. @returns what can be given back at once */
  close(): Return[] {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    this.#queue.endAll({ state: 'not_owner' });
    return [...this.#stocks.values()].flatMap((stock) => stock.end() ?? []);
  }

  #forget(id: RequestId): OpenHold | undefined {
    const hold = this.#holds.get(id);
    this.#holds.delete(id);
    return hold;
  }

  #stocksOf({ limits }: HoldOrder): Stock[] {
    return limits.map((limit) => {
      const key = limitKey(limit);
      const known = this.#stocks.get(key) ?? new Stock(limit, this.tools.idleMs);
      this.#stocks.set(key, known);
      this.#adopt(known, limit);
      return known;
    });
  }

  /** The cap of the latest ticket counts. What was drawn under another one goes back: less may be left. */
  #adopt(stock: Stock, limit: Limit): void {
    const isNew = stock.limit.cap !== limit.cap;
    stock.limit = limit;
    const ended = isNew ? stock.end() : undefined;
    if (ended) this.tools.giveBack([ended]);
  }

  #grant(order: HoldOrder, stocks: readonly Stock[]): HoldAnswer {
    const blocks = stocks.map((stock) => [limitKey(stock.limit), stock.take(order.nanoUsd)] as const);
    const receipt = this.tools.receiptOf(
      order,
      blocks.map(([, block]) => block),
    );
    const answer: HoldAnswer = { state: 'held', receipt, rates: {}, warnings: [] };
    this.#holds.set(order.admission.requestId, { order, answer, blocks, at: performance.now() });
    return answer;
  }

  /** Not while it waits to try again what has failed. */
  #pump(): void {
    if (this.#isDrawing || this.#isClosed || (this.#failed > 0 && this.#retry)) return;
    this.#isDrawing = true;
    this.#serve()
      .catch((error: unknown) => this.#couldNotDraw(error))
      .finally(() => {
        this.#isDrawing = false;
        clearTimeout(this.#retry);
        this.#retry = this.#isClosed || this.#queue.isEmpty ? undefined : setTimeout(() => this.#again(), RETRY_MS);
      });
  }

  #again(): void {
    this.#retry = undefined;
    this.news();
  }

  #couldNotDraw(error: unknown): void {
    this.tools.failed(error);
    this.#failed += 1;
    this.#queue.doubt();
    if (this.#failed >= MOST_FAILED) this.#queue.endAll(unknown);
  }

  /** First come, first served, in each scope: who waits for one that has nothing holds up only those behind it that need it too. */
  async #serve(): Promise<void> {
    for (let next = this.#queue.next(); next && !this.#isClosed; next = this.#queue.next()) {
      if (this.#isServed(next)) continue;
      const isOwner = await this.tools.draw(next.order, next.stocks, this.#queue.amount);
      this.#failed = 0;
      if (!isOwner) this.#queue.endAll({ state: 'not_owner' });
    }
  }

  /** @returns false while it is not known whether there is enough */
  #isServed(waiting: Waiting): boolean {
    const { order, stocks, since } = waiting;
    if (stocks.every((stock) => stock.free >= order.nanoUsd)) {
      this.#queue.end(waiting, this.#grant(order, stocks));
      return true;
    }
    const lacking = lackingOf(waiting);
    if (lacking.length === 0 || !stocks.every(({ knownAt }) => knownAt >= since)) return false;
    const spent = stocks.filter((stock) => stock.cap - stock.spent < order.nanoUsd);
    if (spent.length > 0) this.#refuse(waiting, spent);
    else waiting.blockedBy = lacking;
    return true;
  }

  #refuse(waiting: Waiting, spent: readonly Stock[]): void {
    this.tools.refused(waiting.order, spent);
    this.#queue.end(waiting, refusal('spent', spent));
  }

  #expire(): void {
    this.#queue.expire((waiting) =>
      waiting.isKnown ? refusal('busy', [...lackingOf(waiting), ...waiting.stocks]) : unknown,
    );
  }
}

/** The scopes that have too little for a request, by what is known of them. */
function lackingOf({ order, stocks }: Waiting): readonly Stock[] {
  return stocks.filter((stock) => stock.free + stock.cap - stock.spent - stock.held < order.nanoUsd);
}

/** By the first of the scopes that are in the way. */
export function refusal(why: 'spent' | 'busy', stocks: readonly Stock[]): HoldAnswer {
  const [stock] = stocks;
  if (!stock) throw new RangeError('nothing is in the way');
  return { state: 'refused', why, scope: stock.standing, rates: {} };
}
