import type { ScopeStanding } from '@orgn/contracts';
import type { Limit } from './limit.ts';

/** How long a block is held by before another one takes its place: holds of requests that never speak go back with it. */
const BLOCK_MS = 60_000;
/** Seconds of the recent burn that are drawn at a time, and holds at least. */
const BURN_SECONDS = 3;
const LEAST_HOLDS = 10n;

/** A part of a block to be given back. */
export interface Return {
  block: string;
  nanoUsd: bigint;
  isEnded: boolean;
}

/** How a scope stood when it was last drawn from. */
export interface Drawn {
  block: string;
  nanoUsd: bigint;
  cap: bigint;
  spent: bigint;
  held: bigint;
  ends: Date | null;
}

/** What an owner has drawn of one scope and not yet held by: the money that it may hold without asking anybody. */
export class Stock {
  free = 0n;
  /** Requests that wait for more of it. */
  waiting = 0;
  /** By the last draw; what has been settled since is not in it. */
  cap = 0n;
  spent = 0n;
  held = 0n;
  ends: Date | null = null;
  /** The cap that the database knows; null: none yet. */
  openedCap: bigint | null = null;
  /** When the figures above were asked for, in monotonic milliseconds. */
  knownAt = 0;
  #block: string | undefined;
  #drawnAt = 0;
  #usedAt = 0;
  #burn = 0;
  /** Holds of its block of which nobody has spoken yet. */
  #open = 0;

  /**
   * @param idleMs how long a block that nobody uses stays drawn
   * @param now monotonic milliseconds
   */
  constructor(
    public limit: Limit,
    private readonly idleMs: number,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#usedAt = now();
  }

  get block(): string | undefined {
    return this.#block;
  }

  /** Takes a hold out of it. @returns the block that it is of */
  take(amount: bigint): string {
    if (this.#block === undefined || this.free < amount) throw new RangeError('there is not so much');
    const now = this.now();
    // What was burnt counts less and less, by half in each span of drawing.
    this.#burn = this.#burn * 2 ** ((this.#usedAt - now) / (BURN_SECONDS * 1_000)) + Number(amount);
    this.#usedAt = now;
    this.#open += 1;
    this.free -= amount;
    return this.#block;
  }

  /** Takes back what a request did not use. @returns false when its block has been given back: then the database must be told */
  giveBack(block: string, amount: bigint): boolean {
    if (block !== this.#block) return false;
    this.#open -= 1;
    this.free += amount;
    return true;
  }

  /** A hold was settled: in the database its block has become smaller by it. */
  settled(block: string): void {
    if (block === this.#block) this.#open -= 1;
  }

  /** What to draw beyond what is needed for one hold, as long as there is room. */
  wish(amount: bigint, waiting: bigint): bigint {
    const wishes = [amount * LEAST_HOLDS, waiting, BigInt(Math.ceil(this.#burn))];
    return wishes.reduce((most, each) => (each > most ? each : most));
  }

  /** @param askedAt monotonic milliseconds */
  drew(drawn: Drawn, askedAt: number): void {
    this.knownAt = askedAt;
    if (drawn.nanoUsd > 0n) {
      if (this.#block !== drawn.block) this.#drawnAt = this.now();
      this.#block = drawn.block;
      this.free += drawn.nanoUsd;
    }
    Object.assign(this, { cap: drawn.cap, spent: drawn.spent, held: drawn.held, ends: drawn.ends });
  }

  /** Whether what it has is to be given back by now. @param databaseNow milliseconds since 1970 */
  isDue(databaseNow: number): boolean {
    if (this.#block === undefined) return false;
    const now = this.now();
    const isOver = this.ends !== null && this.ends.getTime() < databaseNow;
    return isOver || now - this.#usedAt > this.idleMs || (this.#open > 0 && now - this.#drawnAt > BLOCK_MS);
  }

  /** Ends its block: nobody holds by it from now on. */
  end(): Return | undefined {
    if (this.#block === undefined) return undefined;
    const ended = { block: this.#block, nanoUsd: this.free, isEnded: true };
    this.#block = undefined;
    this.#open = 0;
    this.free = 0n;
    return ended;
  }

  /** It holds nothing and nobody asks for it any more. */
  get isIdle(): boolean {
    return this.#block === undefined && this.waiting === 0 && this.now() - this.#usedAt > this.idleMs;
  }

  get standing(): ScopeStanding {
    const room = this.cap - this.spent - this.held;
    return {
      kind: this.limit.kind,
      period: this.limit.period,
      limitNanoUsd: String(this.cap),
      spentNanoUsd: String(this.spent),
      heldNanoUsd: String(this.held - this.free),
      roomNanoUsd: String((room > 0n ? room : 0n) + this.free),
      resetsAt: this.ends?.toISOString() ?? null,
    };
  }
}
