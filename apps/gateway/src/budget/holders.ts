import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { findHolders, holdersAnnounced, holdShardOf, type TeamId } from '@orgn/contracts';
import { Bus, ServiceLog } from '@orgn/service-kit';

/** What was not heard of for so long has no shards any more: a lease is for 3 s. */
const FORGOTTEN_MS = 5_000;

interface Holder {
  instance: string;
  heardAt: number;
}

/** Which replica of metering holds the money of which team, by what they say of themselves. */
@Injectable()
export class Holders implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #byShard = new Map<number, Holder>();
  #stopListening: () => void = () => undefined;
  #asking: Promise<void> | undefined;

  constructor(
    private readonly bus: Bus,
    private readonly log: ServiceLog,
  ) {}

  onApplicationBootstrap(): void {
    this.#stopListening = this.bus.listen(holdersAnnounced, (said) => this.#hear(said));
    void this.ask();
  }

  onApplicationShutdown(): void {
    this.#stopListening();
  }

  /** Who holds the money of a team; undefined: nobody is known to. */
  of(team: TeamId): string | undefined {
    const holder = this.#byShard.get(holdShardOf(team));
    return holder && performance.now() - holder.heardAt < FORGOTTEN_MS ? holder.instance : undefined;
  }

  /** It is not there, or owns the shard of this team no more. */
  isNot(instance: string, team: TeamId): void {
    const shard = holdShardOf(team);
    if (this.#byShard.get(shard)?.instance === instance) this.#byShard.delete(shard);
  }

  /** Asks all of them, once at a time for everybody who wants to know. */
  ask(): Promise<void> {
    this.#asking ??= this.#find().finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  async #find(): Promise<void> {
    try {
      await this.bus.survey(findHolders, {}, (said) => this.#hear(said));
    } catch (error) {
      this.log.warn('nobody could be asked who holds money', {}, error);
    }
  }

  #hear({ instance, shards }: { instance: string; shards: readonly number[] }): void {
    const own = new Set(shards);
    for (const [shard, holder] of this.#byShard)
      if (holder.instance === instance && !own.has(shard)) this.#byShard.delete(shard);
    for (const shard of own) this.#byShard.set(shard, { instance, heardAt: performance.now() });
  }
}
