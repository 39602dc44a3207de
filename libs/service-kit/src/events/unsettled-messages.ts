import { createHmac, createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { FleetingMap } from '@orgn/collections';
import { usageStream, type PayloadOf, type usageStored } from '@orgn/contracts';

/** Longest time between two attempts at a message that the stream has not taken, in milliseconds. */
const FAILED_MAX_MS = 10_000;
const FAILED_FIRST_MS = 1_000;
/**
 * Shortest and longest time between two repetitions of a message that was taken and may be gone, in milliseconds: less than
 * the time within which the server knows it again.
 */
const REPEAT_FIRST_MS = 10_000;
const REPEAT_MAX_MS = usageStream.duplicateWindowSeconds * 800;

/** What the stream holds, in metering's words. */
type StreamHolds = PayloadOf<typeof usageStored>;

/** One message: events that travel, and are repeated, together. */
export class UnsettledMessage<E> {
  readonly events: Map<string, E>;
  /** Where the server has put it; undefined until it has said so. */
  sequence: number | undefined;
  /** The server may have lost it. Stays until the message was taken again. */
  isSuspect: boolean | undefined;
  /** The stream does not hold it, by the last word on that: lost, or settled without our hearing of it. */
  isMissing: boolean | undefined;
  #attempts = 0;
  /** Of the monotonic clock, in milliseconds. */
  #dueAt = Infinity;

  /** @param number among the messages of its publisher @param secret of it: who could guess the id of a message could have the server drop it beforehand */
  constructor(
    readonly number: number,
    events: Iterable<[string, E]>,
    private readonly secret: KeyObject,
  ) {
    this.events = new Map(events);
  }

  /** The same for the same events, so that the server can drop a repetition. */
  get id(): string {
    const ids = [...this.events.keys()].sort().join('\n');
    return createHmac('sha256', this.secret).update(ids).digest('base64url');
  }

  /** @param now of the monotonic clock, in milliseconds */
  taken(sequence: number, now: number): void {
    // Attempts count anew: they were at a server that took nothing.
    this.#attempts = this.sequence === undefined ? 0 : this.#attempts + 1;
    this.sequence = sequence;
    this.isSuspect = false;
    this.isMissing = false;
    this.#dueAt = now + spread(REPEAT_FIRST_MS, REPEAT_MAX_MS, this.#attempts);
  }

  failed(now: number): void {
    this.#dueAt = now + spread(FAILED_FIRST_MS, FAILED_MAX_MS, this.#attempts);
    this.#attempts += 1;
  }

  /** While it is under way it is not due. */
  underWay(): void {
    this.#dueAt = Infinity;
  }

  isDue(now: number): boolean {
    return now >= this.#dueAt && (this.sequence === undefined || this.isSuspect === true || this.isMissing === true);
  }
}

/** Messages that were published, or are to be, and whose events are not all settled yet, oldest first. */
export class UnsettledMessages<E> {
  readonly #messages = new FleetingMap<number, UnsettledMessage<E>>();
  readonly #byEvent = new FleetingMap<string, UnsettledMessage<E>>();
  #count = 0;
  /** As Node wants it: made anew for each id it would cost more than the id. */
  readonly #secret = createSecretKey(randomBytes(32));
  #createdAt: string | undefined;

  constructor(private readonly maxEvents: number) {}

  /** Number of events. */
  get size(): number {
    return this.#byEvent.size;
  }

  /** Something is here that the stream has not taken yet. */
  get hasUntaken(): boolean {
    for (const { sequence } of this.#messages.values()) if (sequence === undefined) return true;
    return false;
  }

  has(id: string): boolean {
    return this.#byEvent.has(id);
  }

  /**
   * Makes room for another event: the oldest message that the stream has taken leaves memory, where it is but a copy.
   * @returns false when there is none, since what only memory holds is not thrown away
   */
  makeRoom(): boolean {
    if (this.#byEvent.size < this.maxEvents) return true;
    for (const message of this.#messages.values()) {
      if (message.sequence === undefined) continue;
      this.#forget(message);
      return true;
    }
    return false;
  }

  keep(events: Iterable<[string, E]>): UnsettledMessage<E> {
    const message = new UnsettledMessage((this.#count += 1), events, this.#secret);
    this.#messages.set(message.number, message);
    for (const id of message.events.keys()) {
      this.drop([id]);
      this.#byEvent.set(id, message);
    }
    return message;
  }

  drop(ids: readonly string[]): void {
    for (const id of ids) {
      const message = this.#byEvent.get(id);
      if (!message) continue;
      this.#byEvent.delete(id);
      message.events.delete(id);
      if (message.events.size === 0) this.#messages.delete(message.number);
    }
  }

  /** The server was away: what it had taken it may have lost. */
  serverWasAway(): void {
    for (const message of this.#messages.values()) message.isSuspect = true;
  }

  /** What is in the stream need not be said again; what has left it, or never came, must. */
  heard(holds: StreamHolds): void {
    const isAnother = this.#createdAt !== undefined && this.#createdAt !== holds.createdAt;
    this.#createdAt = holds.createdAt;
    for (const message of this.#messages.values()) {
      const { sequence = 0 } = message;
      message.isMissing = sequence < holds.firstSequence || sequence > holds.lastSequence;
      message.isSuspect ||= isAnother;
    }
  }

  due(now: number, limit: number): UnsettledMessage<E>[] {
    const due: UnsettledMessage<E>[] = [];
    for (const message of this.#messages.values()) {
      if (message.isDue(now)) due.push(message);
      if (due.length === limit) break;
    }
    return due;
  }

  #forget(message: UnsettledMessage<E>): void {
    this.#messages.delete(message.number);
    for (const id of message.events.keys()) this.#byEvent.delete(id);
  }
}

/** Doubles with each attempt up to a bound, and lies in the upper half of that, so that publishers do not repeat in step. */
function spread(first: number, most: number, attempts: number): number {
  const longest = Math.min(most, first * 2 ** attempts);
  return longest / 2 + (Math.random() * longest) / 2;
}
