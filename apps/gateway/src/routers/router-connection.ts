import type { connectRouter, ReplyOf } from '@orgn/contracts';
import type { ServedModels } from '../models/served-models.ts';
import type { RouterCall } from './router.client.ts';

/** What a router last said of itself. */
export type RouterAnnouncement = ReplyOf<typeof connectRouter>;

/** One router as this gateway knows it: where it is, the token that opens it, what it serves, and how busy we keep it. */
export class RouterConnection {
  /** Requests of ours that it has not finished. */
  readonly calls = new Set<RouterCall>();
  #announcement: RouterAnnouncement;
  #validUntil = 0;
  #heardInRound = 0;
  #heardAt = performance.now();

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

  /** Whether it has answered no question to all routers for so many milliseconds. */
  isSilentFor(ms: number): boolean {
    return performance.now() - this.#heardAt >= ms;
  }

  /** Ends those requests, for their callers, of which nothing has come for so many milliseconds. */
  giveUpSilent(ms: number): void {
    const before = performance.now() - ms;
    for (const call of this.calls) if (call.heardAt <= before) call.giveUp();
  }

  serves(ids: readonly string[]): boolean {
    return ids.every((id) => this.served.models.has(id));
  }

  /** @param round of the question that it answered */
  renew(announcement: RouterAnnouncement, round = 0): void {
    this.#announcement = announcement;
    this.#heardInRound = round;
    this.#heardAt = performance.now();
    this.#validUntil = Date.now() + announcement.tokenSeconds * 1_000;
  }

  /** Not to be used until it announces itself again. */
  suspend(): void {
    this.#validUntil = 0;
  }
}
