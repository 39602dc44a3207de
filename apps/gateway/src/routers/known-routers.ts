import type { Bus, ServiceLog } from '@orgn/service-kit';
import { askServedModels, type ServedModels } from '../models/served-models.ts';
import { RouterConnection, type RouterAnnouncement } from './router-connection.ts';

/**
 * What was sent to a router that has said nothing for so long is lost: a network that swallows packets tells nobody, and TCP
 * takes a quarter of an hour.
 */
const LOST_MS = 20_000;
/** How long the bus may take to answer for itself. */
const BUS_MS = 1_000;

/** What was heard of each router, and which of them may be sent requests. */
export class KnownRouters {
  readonly #connections = new Map<string, RouterConnection>();
  /** Questions under way about what a router serves. */
  readonly #asking = new Map<string, { hasLeft: boolean }>();
  #begun = 0;
  #ended = 0;

  constructor(
    private readonly bus: Bus,
    private readonly log: ServiceLog,
  ) {}

  /** Those whose channel is open to us. */
  usable(): RouterConnection[] {
    return [...this.#connections.values()].filter(({ isUsable }) => isUsable);
  }

  /**
   * Those that serve all of the models, and of these the ones that answered when all were last asked: a router that was
   * killed cannot say that it is gone.
   */
  preferred(models: readonly string[]): RouterConnection[] {
    const serving = this.usable().filter((connection) => connection.serves(models));
    const heard = serving.filter((connection) => connection.isHeardSince(this.#ended));
    return heard.length > 0 ? heard : serving;
  }

  /** @returns the number of a question to all routers */
  beginRound(): number {
    this.#begun += 1;
    return this.#begun;
  }

  /** All who are there have answered, or are late. */
  async endRound(round: number): Promise<void> {
    this.#ended = round;
    for (const [name, { isUsable, calls }] of this.#connections) {
      if (!isUsable && calls.size === 0) this.#connections.delete(name);
    }
    await this.#giveUpLost(round);
  }

  /** Where no router answered it may be the bus that is silent, and then nothing is known of routers. */
  async #giveUpLost(round: number): Promise<void> {
    const all = [...this.#connections.values()];
    const lost = all.filter((connection) => connection.calls.size > 0 && connection.isSilentFor(LOST_MS));
    if (lost.length === 0) return;
    const isAnyHeard = all.some((connection) => connection.isHeardSince(round));
    if (isAnyHeard || (await this.bus.isThere(BUS_MS))) for (const connection of lost) connection.giveUpSilent(LOST_MS);
  }

  leave(router: string): void {
    this.#connections.get(router)?.suspend();
    const asking = this.#asking.get(router);
    if (asking) asking.hasLeft = true;
  }

  /** Takes up what a router says of itself. It gets requests once it is known what it serves. */
  async accept(announcement: RouterAnnouncement, round: number): Promise<void> {
    const { router } = announcement;
    const known = this.#connections.get(router);
    if (known?.url === announcement.url && known.served.version === announcement.catalogueVersion) {
      known.renew(announcement, round);
      return;
    }
    const asking = { hasLeft: false };
    this.#asking.set(router, asking);
    const served = await this.#askServed(announcement);
    if (this.#asking.get(router) === asking) this.#asking.delete(router);
    if (!served || asking.hasLeft) return;
    const connection = new RouterConnection(announcement, served);
    connection.renew(announcement, round);
    this.#connections.set(router, connection);
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
