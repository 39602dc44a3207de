import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { connectRouter, routerChanged } from '@orgn/contracts';
import { BaseConfigToken, Bus, ServiceLog, type BaseConfig } from '@orgn/service-kit';
import { CatalogueService } from '../models/catalogue.service.ts';
import { RouterConnection, type RouterAnnouncement } from './router-connection.ts';

const REFRESH_MS = 10_000;
/** While no router is known the question is repeated quickly. */
const RETRY_MS = 250;

/** The routers that are there, asked every 10 s and whenever one comes, goes or fails. */
@Injectable()
export class RoutersService implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #connections = new Map<string, RouterConnection>();
  #refreshing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isStopping = false;
  #stopListening: () => void = () => undefined;

  constructor(
    private readonly bus: Bus,
    private readonly catalogue: CatalogueService,
    private readonly log: ServiceLog,
    @Inject(BaseConfigToken) private readonly config: BaseConfig,
  ) {}

  get isConnected(): boolean {
    return this.#usable().length > 0;
  }

  onApplicationBootstrap(): void {
    this.#stopListening = this.bus.listen(routerChanged, ({ router, isLeaving }) => {
      if (isLeaving) this.#connections.get(router)?.suspend();
      else void this.refresh();
    });
    void this.refresh();
  }

  onApplicationShutdown(): void {
    this.#isStopping = true;
    clearTimeout(this.#timer);
    this.#stopListening();
  }

  /**
   * Picks a router by the power of two choices: of two at random the one that has fewer of our requests open.
   * @param tried routers that this request has already failed to reach
   * @returns undefined when there is none left
   */
  choose(tried: ReadonlySet<string>): RouterConnection | undefined {
    const usable = this.#usable().filter((connection) => !tried.has(connection.token));
    const [first, second] = [pick(usable), pick(usable)];
    if (!first || !second) return undefined;
    return second.openRequests < first.openRequests ? second : first;
  }

  /** A router could not be reached or did not know our token: leave it alone and ask anew who is there. */
  async reportFailure(connection: RouterConnection): Promise<void> {
    connection.suspend();
    await this.refresh();
  }

  /** The best word on each provider's health over all routers. */
  providers(): RouterAnnouncement['providers'] {
    const order = ['ok', 'failing', 'not_configured'] as const;
    const merged: RouterAnnouncement['providers'] = {};
    for (const { providers } of this.#usable()) {
      for (const [name, health] of Object.entries(providers)) {
        merged[name] =
          order[Math.min(order.indexOf(health), order.indexOf(merged[name] ?? 'not_configured'))] ?? health;
      }
    }
    return merged;
  }

  /** Asks all routers to open their channel; calls while one is under way share it. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#refresh().finally(() => (this.#refreshing = undefined));
    return this.#refreshing;
  }

  async #refresh(): Promise<void> {
    clearTimeout(this.#timer);
    try {
      const announcements = await this.bus.survey(connectRouter, { gateway: this.config.INSTANCE });
      for (const announcement of announcements) await this.#accept(announcement);
    } catch (error) {
      this.log.warn('routers not reached', {}, error);
    }
    for (const [name, connection] of this.#connections) {
      if (!connection.isUsable && connection.openRequests === 0) this.#connections.delete(name);
    }
    if (!this.#isStopping)
      this.#timer = setTimeout(() => void this.refresh(), this.isConnected ? REFRESH_MS : RETRY_MS);
  }

  async #accept(announcement: RouterAnnouncement): Promise<void> {
    // The catalogue first: a router that runs other models must not be used by the old list.
    await this.catalogue.follow(announcement.catalogueVersion);
    const known = this.#connections.get(announcement.router);
    if (known?.url === announcement.url) known.renew(announcement);
    else this.#connections.set(announcement.router, new RouterConnection(announcement));
  }

  #usable(): RouterConnection[] {
    return [...this.#connections.values()].filter((connection) => connection.isUsable);
  }
}

function pick<T>(items: readonly T[]): T | undefined {
  return items[Math.floor(Math.random() * items.length)];
}
