import type { Bus, ServiceLog } from '@orgn/service-kit';
import { askServedModels, type ServedModels } from '../models/served-models.ts';
import { RouterChannels } from './router-channels.ts';
import { RouterConnection, type RouterAnnouncement } from './router-connection.ts';
import type { RouterClient } from './router.client.ts';

/** How long a router that was just found may take to be connected before it is taken up all the same. */
const CONNECT_MS = 500;

/** What was heard of each router, and which of them may be sent requests. */
export class KnownRouters {
  readonly #connections = new Map<string, RouterConnection>();
  /** Questions under way about what a router serves. */
  readonly #asking = new Map<string, { hasLeft: boolean }>();
  readonly #channels: RouterChannels;
  #begun = 0;
  #ended = 0;

  constructor(
    private readonly bus: Bus,
    private readonly log: ServiceLog,
    client: RouterClient,
  ) {
    this.#channels = new RouterChannels(client);
  }

  /** Those that may be sent requests. */
  usable(): RouterConnection[] {
    return [...this.#connections.values()].filter(({ isUsable }) => isUsable);
  }

  /** Those whose word counts, connected or not: what is served does not flicker with a connection. */
  current(): RouterConnection[] {
    return this.#heard([...this.#connections.values()].filter(({ isCurrent }) => isCurrent));
  }

  /** Those that may be sent a request for all of the models. */
  serving(models: readonly string[]): RouterConnection[] {
    return this.#heard(this.usable().filter((connection) => connection.serves(models)));
  }

  /** Those that are leaving, and finish what they are sent meanwhile. */
  leaving(models: readonly string[]): RouterConnection[] {
    return [...this.#connections.values()].filter((connection) => connection.isLeaving && connection.serves(models));
  }

  /** @returns the number of a question to all routers */
  beginRound(): number {
    this.#begun += 1;
    return this.#begun;
  }

  /** All who are there have answered, or are late. */
  endRound(round: number): void {
    this.#ended = round;
    for (const [name, { isCurrent, isLeaving, openRequests }] of this.#connections) {
      if (isCurrent || isLeaving || openRequests > 0) continue;
      this.#connections.delete(name);
      if (!this.#asking.has(name)) this.#channels.close(name);
    }
  }

  /** Ends the channels, and what is under way on them. */
  close(): void {
    this.#connections.clear();
    this.#channels.closeAll();
  }

  leave(router: string): void {
    this.#connections.get(router)?.leave();
    const asking = this.#asking.get(router);
    if (asking) asking.hasLeft = true;
  }

  /** Takes up what a router says of itself. It gets requests once it is known what it serves. */
  async accept(announcement: RouterAnnouncement, round: number): Promise<void> {
    const { router } = announcement;
    const channel = this.#channels.to(router, announcement.url);
    const known = this.#connections.get(router);
    if (known?.url === announcement.url && known.served.version === announcement.catalogueVersion) {
      known.renew(announcement, round);
      return;
    }
    const asking = { hasLeft: false };
    this.#asking.set(router, asking);
    const [served] = await Promise.all([this.#askServed(announcement), channel.whenOpen(CONNECT_MS)]);
    if (this.#asking.get(router) === asking) this.#asking.delete(router);
    if (!served || asking.hasLeft || this.#isKnownAfter(router, round)) return;
    const connection = new RouterConnection(announcement, served, channel);
    connection.renew(announcement, round);
    this.#connections.set(router, connection);
  }

  /** Whoever asked later knows better, whichever answer comes first. */
  #isKnownAfter(router: string, round: number): boolean {
    return this.#connections.get(router)?.isHeardSince(round + 1) ?? false;
  }

  /** Of some, the ones that answered when all were last asked: a router that was killed cannot say that it is gone. */
  #heard(serving: RouterConnection[]): RouterConnection[] {
    const heard = serving.filter((connection) => connection.isHeardSince(this.#ended));
    return heard.length > 0 ? heard : serving;
  }

  /** Undefined: it did not say so. Its next announcement asks again; until then it is used by what it served before. */
  async #askServed({ router, catalogueVersion }: RouterAnnouncement): Promise<ServedModels | undefined> {
    try {
      return await askServedModels(this.bus, router, catalogueVersion);
    } catch (error) {
      this.log.warn('a router did not say what it serves', { router }, error);
      return undefined;
    }
  }
}
