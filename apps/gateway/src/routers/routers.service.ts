import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { findRouters, listModels, routerChanged } from '@orgn/contracts';
import { Bus, ServiceLog } from '@orgn/service-kit';
import { CatalogueService } from '../models/catalogue.service.ts';
import { KnownRouters } from './known-routers.ts';
import type { RouterAnnouncement, RouterConnection } from './router-connection.ts';
import { RouterClient } from './router.client.ts';

/** Broadcasts may be lost: what is asked so often is followed within 5 s all the same. */
const REFRESH_MS = 3_000;
/** While no router is known the question is repeated quickly. */
const RETRY_MS = 250;
/** How long, and how often it is looked for, a request waits for a router that is there but was not heard for a moment. */
const DOUBT_MS = 2_000;
const LOOK_MS = 50;

/** The routers that are there, asked every 3 s and whenever one comes, goes or fails. */
@Injectable()
export class RoutersService implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #known: KnownRouters;
  #refreshing: Promise<void> | undefined;
  #isStale = false;
  #timer: NodeJS.Timeout | undefined;
  #isStopping = false;
  #stopListening: () => void = () => undefined;

  constructor(
    private readonly bus: Bus,
    private readonly catalogue: CatalogueService,
    private readonly log: ServiceLog,
    private readonly client: RouterClient,
  ) {
    this.#known = new KnownRouters(bus, log, client);
  }

  get isConnected(): boolean {
    return this.#known.usable().length > 0;
  }

  onApplicationBootstrap(): void {
    this.#stopListening = this.bus.listen(routerChanged, ({ router, isLeaving }) => {
      if (isLeaving) this.#leave(router);
      else void this.refresh();
    });
    void this.refresh();
  }

  onApplicationShutdown(): void {
    this.#isStopping = true;
    clearTimeout(this.#timer);
    this.#stopListening();
    this.#known.close();
  }

  /**
   * Picks a router by the power of two choices: of two at random the one that has fewer of our requests open.
   * @param models ids that it must serve
   * @param tried routers that this request has already failed to reach
   * @returns undefined when there is none left
   */
  choose(models: readonly string[], tried: ReadonlySet<string>): RouterConnection | undefined {
    const usable = this.#known.serving(models).filter(({ name }) => !tried.has(name));
    const [first, second] = pickTwo(usable);
    return second && first && second.openRequests < first.openRequests ? second : first;
  }

  /** As `choose`, of those that are leaving: for what does not hold one up for long, where there is no other. */
  chooseLeaving(models: readonly string[], tried: ReadonlySet<string>): RouterConnection | undefined {
    return this.#known.leaving(models).find(({ name }) => !tried.has(name));
  }

  /**
   * As `choose`, where none can be asked right now: waits for one of those whose word counts, since a busy host may hold up a
   * router, or its connection, for a moment. @returns undefined at once where there is none
   */
  async next(models: readonly string[], tried: ReadonlySet<string>): Promise<RouterConnection | undefined> {
    const isExpected = () => this.#known.current().some((each) => each.serves(models) && !tried.has(each.name));
    let found: RouterConnection | undefined;
    for (const until = performance.now() + DOUBT_MS; !found && isExpected() && performance.now() < until;) {
      await delay(LOOK_MS);
      found = this.choose(models, tried);
    }
    return found;
  }

  /**
   * A router did not take a request: leave it alone and ask anew who is there. Resolves at once where another one is known.
   */
  async reportFailure(connection: RouterConnection): Promise<void> {
    connection.suspend();
    const refreshed = this.refresh();
    if (!this.isConnected) await refreshed;
  }

  /**
   * A router's connection broke off in a request: has the router ended, and the request with it? Else it may still run there.
   */
  async hasDied(connection: RouterConnection): Promise<boolean> {
    if (!(await this.bus.isGone(listModels, connection.name))) return false;
    connection.suspend();
    void this.refresh();
    return true;
  }

  /** The best word on each provider's health over all routers. */
  providers(): RouterAnnouncement['providers'] {
    const order = ['ok', 'failing', 'not_configured'] as const;
    const merged: RouterAnnouncement['providers'] = {};
    for (const { providers } of this.#known.current()) {
      for (const [name, health] of Object.entries(providers)) {
        merged[name] =
          order[Math.min(order.indexOf(health), order.indexOf(merged[name] ?? 'not_configured'))] ?? health;
      }
    }
    return merged;
  }

  /** Asks all routers where they are. Calls while one is under way share it; who came meanwhile is asked after it. */
  refresh(): Promise<void> {
    if (this.#refreshing) this.#isStale = true;
    this.#refreshing ??= this.#refresh().finally(() => (this.#refreshing = undefined));
    return this.#refreshing;
  }

  async #refresh(): Promise<void> {
    clearTimeout(this.#timer);
    this.#isStale = false;
    const round = this.#known.beginRound();
    try {
      const hear = (said: RouterAnnouncement) => void this.#accept(said, round);
      await this.bus.survey(findRouters, { gateway: this.client.gateway }, hear);
      this.#known.endRound(round);
    } catch (error) {
      this.log.warn('routers not reached', {}, error);
    }
    this.#show();
    if (!this.#isStopping) this.#timer = setTimeout(() => void this.refresh(), this.#waitMs());
  }

  async #accept(said: RouterAnnouncement, round: number): Promise<void> {
    if (this.#isStopping) return;
    await this.#known.accept(said, round);
    this.#show();
  }

  #waitMs(): number {
    if (this.#isStale) return 0;
    return this.isConnected ? REFRESH_MS : RETRY_MS;
  }

  #leave(router: string): void {
    this.#known.leave(router);
    this.#show();
  }

  #show(): void {
    this.catalogue.show(this.#known.current().map(({ served }) => served));
  }
}

/** Two at random, another one each, as far as there are two. */
function pickTwo<T>(items: readonly T[]): [first?: T, second?: T] {
  const first = Math.floor(Math.random() * items.length);
  const second = (first + 1 + Math.floor(Math.random() * (items.length - 1))) % items.length;
  return [items[first], items[second]] as [T?, T?];
}
