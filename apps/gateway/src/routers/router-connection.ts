import type { RouterChannel } from '@orgn/channel';
import type { findRouters, ReplyOf } from '@orgn/contracts';
import type { ServedModels } from '../models/served-models.ts';

/** What a router last said of itself. */
export type RouterAnnouncement = ReplyOf<typeof findRouters>;

/** How long a router's word on itself counts; it is asked for every 3 s. */
const WORD_MS = 60_000;

/** One router as this gateway knows it: where it is, what it serves, and the channel to it. */
export class RouterConnection {
  #announcement: RouterAnnouncement;
  #validUntil = 0;
  #heardInRound = 0;
  #isLeaving = false;

  constructor(
    announcement: RouterAnnouncement,
    readonly served: ServedModels,
    readonly channel: RouterChannel,
  ) {
    this.#announcement = announcement;
    this.renew(announcement);
  }

  get name(): string {
    return this.#announcement.router;
  }

  get url(): string {
    return this.#announcement.url;
  }

  get providers(): RouterAnnouncement['providers'] {
    return this.#announcement.providers;
  }

  /** Requests of ours that it has not finished. */
  get openRequests(): number {
    return this.channel.openRequests;
  }

  /** Whether its word is recent, and it has not failed or left since. */
  get isCurrent(): boolean {
    return Date.now() < this.#validUntil && !this.#isLeaving;
  }

  /** Whether it has said that it is leaving, and takes requests as yet. */
  get isLeaving(): boolean {
    return this.#isLeaving && this.channel.isOpen;
  }

  /** Whether it may be sent requests: it is current, and there is a connection. */
  get isUsable(): boolean {
    return this.isCurrent && this.channel.isOpen;
  }

  /** Whether it answered the question to all routers in this round, or later. */
  isHeardSince(round: number): boolean {
    return this.#heardInRound >= round;
  }

  serves(ids: readonly string[]): boolean {
    return ids.every((id) => this.served.models.has(id));
  }

  /** @param round of the question that it answered */
  renew(announcement: RouterAnnouncement, round = 0): void {
    this.#announcement = announcement;
    this.#isLeaving = false;
    this.#heardInRound = round;
    this.#validUntil = Date.now() + WORD_MS;
  }

  /** Not to be used until it announces itself again. */
  suspend(): void {
    this.#validUntil = 0;
    this.#isLeaving = false;
  }

  /** It says that it is leaving. */
  leave(): void {
    this.#isLeaving = this.isCurrent;
  }
}
