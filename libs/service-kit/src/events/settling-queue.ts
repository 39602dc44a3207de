import { FleetingMap } from '@orgn/collections';
import type { EventContract } from '@orgn/contracts';
import type { ServiceLog } from '../logging/service-log.ts';
import type { DeliveredMessage } from './delivered-message.ts';
import type { Delivered, Settlement, Unsettleable } from './settlement.ts';

/** Most events of one commit. */
const MAX_EVENTS = 2_000;
/** Most bytes of one commit, as they came. */
const MAX_BYTES = 4 * 1024 * 1024;
/** Messages that end the pause between two commits: there is more where they come from. */
const MANY_MESSAGES = 16;
/** Well before the server takes a message for lost. */
const WORKING_MS = 10_000;
const RETRY_FIRST_MS = 250;
const RETRY_MAX_MS = 5_000;
/** So often may one event alone keep a commit from succeeding while others succeed. */
const MAX_FAILURES_ALONE = 5;

interface Unit<C extends EventContract> {
  message: DeliveredMessage<C>;
  /** Of its message, among those of this queue. */
  number: number;
  word: Delivered<C> | Unsettleable<C>;
  size: number;
  failuresAlone: number;
  /** Commits that had succeeded when it first failed alone. */
  failedAt: number;
}

/**
 * Settles events in commits of bounded size, one after the other, and acknowledges a message once all of it is settled or
 * in quarantine. A commit that fails for what is in it is tried in halves, down to the single event. One that fails for
 * anything else is tried again, smaller and later: until then it waits here, and the server hears that it is being worked on.
 */
export class SettlingQueue<C extends EventContract> {
  #waiting: Unit<C>[] = [];
  readonly #messages = new FleetingMap<number, DeliveredMessage<C>>();
  #count = 0;
  #wake: () => void = () => undefined;
  #isStopping = false;
  #commits = 0;
  #failures = 0;
  #mostEvents = MAX_EVENTS;
  readonly #timer: NodeJS.Timeout;
  readonly #running: Promise<void>;

  /** @param pauseMs shortest time between two small commits, in milliseconds: what arrives meanwhile shares the next one */
  constructor(
    private readonly settlement: Settlement<C>,
    private readonly pauseMs: number,
    private readonly log: ServiceLog,
  ) {
    this.#timer = setInterval(() => this.#working(), WORKING_MS).unref();
    this.#running = this.#run();
  }

  add(message: DeliveredMessage<C>): void {
    const number = (this.#count += 1);
    this.#messages.set(number, message);
    const size = message.size / message.words.length;
    for (const word of message.words)
      this.#waiting.push({ message, number, word, size, failuresAlone: 0, failedAt: 0 });
    this.#wake();
  }

  /** Waits for the commit in progress; what was not committed goes back to the server, for a replica to take at once. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#wake();
    await this.#running;
    clearInterval(this.#timer);
    for (const message of this.#messages.values()) message.giveBack();
  }

  #working(): void {
    for (const message of this.#messages.values()) message.working();
  }

  async #run(): Promise<void> {
    while (!this.#isStopping) {
      await this.#woken(Infinity, () => this.#waiting.length > 0);
      await this.#settleNext();
      if (this.#failures === 0) await this.#woken(this.pauseMs, () => this.#messages.size >= MANY_MESSAGES);
      else await this.#woken(Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** (this.#failures - 1)), () => false);
    }
  }

  async #settleNext(): Promise<void> {
    const units = this.#isStopping ? [] : this.#take();
    if (units.length === 0) return;
    const left = new Set(units);
    try {
      await this.#settle(units, left);
      this.#failures = 0;
      this.#mostEvents = Math.min(MAX_EVENTS, this.#mostEvents * 2);
    } catch (error) {
      this.#failures += 1;
      this.#mostEvents = Math.max(1, Math.floor(units.length / 2));
      this.log.error('events not settled, will try again', error, { events: left.size });
      // One that fails alone lets the others pass.
      if (units.length === 1) this.#waiting.push(...left);
      else this.#waiting.unshift(...left);
    }
  }

  #take(): Unit<C>[] {
    let bytes = 0;
    let count = 0;
    while (count < Math.min(this.#mostEvents, this.#waiting.length) && bytes < MAX_BYTES) {
      bytes += this.#waiting[count]?.size ?? 0;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  /** Takes what is done from `left`. @throws what keeps the rest from being committed */
  async #settle(units: Unit<C>[], left: Set<Unit<C>>): Promise<void> {
    const settleable = units.filter((unit) => !('reason' in unit.word));
    for (const unit of units) if ('reason' in unit.word) await this.#quarantine(unit, unit.word, left);
    if (settleable.length === 0) return;
    try {
      await this.settlement.settle(settleable.map(({ word }) => word as Delivered<C>));
      this.#commits += 1;
      for (const unit of settleable) this.#done(unit, left);
    } catch (error) {
      await this.#settleWithout(settleable, error, left);
    }
  }

  async #settleWithout(units: Unit<C>[], error: unknown, left: Set<Unit<C>>): Promise<void> {
    const [only] = units;
    if (units.length === 1 && only) {
      if (!this.settlement.isPoison(error) && !this.#isStuck(only)) throw error;
      this.log.error('event cannot be settled', error);
      return this.#quarantine(only, { ...only.word, reason: 'unsettleable' }, left);
    }
    if (!this.settlement.isPoison(error)) throw error;
    const half = Math.ceil(units.length / 2);
    await this.#settle(units.slice(0, half), left);
    await this.#settle(units.slice(half), left);
  }

  /** It fails alone, again and again, while others are committed: whatever the reason, it is its own. */
  #isStuck(unit: Unit<C>): boolean {
    if (unit.failuresAlone === 0) unit.failedAt = this.#commits;
    unit.failuresAlone += 1;
    return unit.failuresAlone > MAX_FAILURES_ALONE && this.#commits > unit.failedAt;
  }

  async #quarantine(unit: Unit<C>, word: Unsettleable<C>, left: Set<Unit<C>>): Promise<void> {
    await this.settlement.quarantine(word);
    this.#done(unit, left);
  }

  #done(unit: Unit<C>, left: Set<Unit<C>>): void {
    left.delete(unit);
    if (unit.message.done()) this.#messages.delete(unit.number);
  }

  /** Resolves after so many milliseconds, on a stop, or as soon as something was added that makes `isEnough` true. */
  #woken(ms: number, isEnough: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const timer = ms === Infinity ? undefined : setTimeout(() => end(), ms);
      const end = () => {
        clearTimeout(timer);
        this.#wake = () => undefined;
        resolve();
      };
      this.#wake = () => {
        if (this.#isStopping || isEnough()) end();
      };
      this.#wake();
    });
  }
}
