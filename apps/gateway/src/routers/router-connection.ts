import type { connectRouter, ReplyOf } from '@orgn/contracts';
import type { ServedModels } from '../models/served-models.ts';

/** What a router last said of itself. */
export type RouterAnnouncement = ReplyOf<typeof connectRouter>;

/** One router as this gateway knows it: where it is, the token that opens it, what it serves, and how busy we keep it. */
export class RouterConnection {
  /** Requests of ours that it has not finished. */
  openRequests = 0;
  #announcement: RouterAnnouncement;
  #validUntil = 0;
  #heardInRound = 0;

  constructor(
    announcement: RouterAnnouncement,
    readonly served: ServedModels,
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

  get token(): string {
    return this.#announcement.token;
  }

  get providers(): RouterAnnouncement['providers'] {
    return this.#announcement.providers;
  }

  /** Whether it may be sent requests: its token is current and it has not failed or left since. */
  get isUsable(): boolean {
    return Date.now() < this.#validUntil;
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
    this.#heardInRound = round;
    this.#validUntil = Date.now() + announcement.tokenSeconds * 1_000;
  }

  /** Not to be used until it announces itself again. */
  suspend(): void {
    this.#validUntil = 0;
  }
}
