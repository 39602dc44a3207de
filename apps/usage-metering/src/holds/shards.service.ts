import { randomBytes } from 'node:crypto';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { HOLD_SHARDS, holdersAnnounced, holdShardOf, type PayloadOf } from '@orgn/contracts';
import { Bus, ServiceLog } from '@orgn/service-kit';
import { UsageMeteringConfig } from '../config.ts';
import { BlocksRepository, type OwnedShard } from './blocks.repository.ts';

/** How long a lease is good for without being renewed, and how often it is. */
const LEASE_MS = 3_000;
const RENEW_MS = 1_000;
/** What others leave is asked for after so long, once for all that was said meanwhile. */
const SOON_MS = 20;

/** A shard while it is this replica's. */
export interface Tenure extends OwnedShard {
  /** When this replica got it, in monotonic milliseconds. */
  since: number;
  /** Another owner had it before. */
  isInherited: boolean;
}

/**
 * Which shards this replica owns: leases in the database, by its clock. Here a lease ends when it would there, counted from before
 * it was asked for, so that nobody else has it yet. One that ended goes on when it is renewed late, unless somebody took it.
 */
@Injectable()
export class ShardsService implements OnApplicationBootstrap, OnModuleDestroy {
  /** Not the instance's name alone: one that starts anew is another owner. */
  readonly #keeper: string;
  readonly #tenures = new Map<number, Tenure>();
  #until = 0;
  #isRenewingFailing = false;
  #timer: NodeJS.Timeout | undefined;
  #soon: NodeJS.Timeout | undefined;
  #asking: Promise<void> | undefined;
  #isEnding = false;
  /** How many others said that they have. */
  readonly #others = new Map<string, number>();
  #stopListening: () => void = () => undefined;
  #whenLost: (shards: readonly Tenure[], isOrderly: boolean) => Promise<void> = async () => undefined;

  constructor(
    private readonly blocks: BlocksRepository,
    private readonly bus: Bus,
    private readonly config: UsageMeteringConfig,
    private readonly log: ServiceLog,
  ) {
    this.#keeper = `${config.INSTANCE}/${randomBytes(9).toString('base64url')}`;
  }

  /** @param lost is told what is not owned any more; orderly: it still is, until that has resolved */
  onLost(lost: (shards: readonly Tenure[], isOrderly: boolean) => Promise<void>): void {
    this.#whenLost = lost;
  }

  async onApplicationBootstrap(): Promise<void> {
    this.#stopListening = this.bus.listen(holdersAnnounced, ({ instance, shards }) => {
      if (instance !== this.config.INSTANCE) this.#hear(instance, shards.length);
    });
    await this.#renew();
    this.#timer = setInterval(() => void this.#renew(), RENEW_MS);
  }

  /** Others may have them at once. */
  async onModuleDestroy(): Promise<void> {
    this.#isEnding = true;
    clearInterval(this.#timer);
    clearTimeout(this.#soon);
    this.#stopListening();
    // What it asked for before would be its own again after it was left.
    await this.#asking;
    await this.#leave([...this.#tenures.values()]).catch((error: unknown) =>
      this.log.warn('shards not left in order, they come free in seconds', {}, error),
    );
  }

  /** The shard of a team, while it is this replica's. */
  tenureOf(team: string): Tenure | undefined {
    return performance.now() < this.#until ? this.#tenures.get(holdShardOf(team)) : undefined;
  }

  get owned(): number[] {
    return performance.now() < this.#until ? [...this.#tenures.keys()] : [];
  }

  /** What this replica owns as it is now. Only late to renew it is not lapsed: that may be over in a moment. */
  get standing(): PayloadOf<typeof holdersAnnounced> {
    const { owned } = this;
    const isLapsed = this.#isRenewingFailing && owned.length === 0;
    return { instance: this.config.INSTANCE, shards: owned, isLapsed };
  }

  announce(): void {
    this.bus.broadcast(holdersAnnounced, this.standing);
  }

  /** What another one leaves is taken at once. It says that it has none when it goes, and once more when they are free. */
  #hear(instance: string, owned: number): void {
    const isLeaving = owned === 0 || owned < (this.#others.get(instance) ?? 0);
    this.#others.set(instance, owned);
    if (!isLeaving) return;
    this.#soon ??= setTimeout(() => {
      this.#soon = undefined;
      void this.#renew();
    }, SOON_MS);
  }

  /** One at a time: who asks meanwhile is answered by the next one. */
  async #renew(): Promise<void> {
    while (this.#asking) await this.#asking;
    if (this.#isEnding) return;
    this.#asking = this.#ask().finally(() => (this.#asking = undefined));
    await this.#asking;
  }

  async #ask(): Promise<void> {
    try {
      const askedAt = performance.now();
      const kept = await this.blocks.keepShards(this.#keeper, LEASE_MS);
      this.#isRenewingFailing = false;
      await this.#keep(kept, askedAt);
      const surplus = [...this.#tenures.values()].slice(kept[0]?.share ?? HOLD_SHARDS);
      if (surplus.length > 0) await this.#leave(surplus);
    } catch (error) {
      this.#isRenewingFailing = true;
      // What is not lost to somebody else by the time that it can be asked again is its own still, with all that it has drawn.
      this.log.warn('shards not renewed', { owned: this.#tenures.size }, error);
    } finally {
      this.announce();
    }
  }

  async #keep(kept: readonly OwnedShard[], askedAt: number): Promise<void> {
    const epochs = new Map(kept.map(({ shard, epoch }) => [shard, epoch]));
    await this.#lose([...this.#tenures.values()].filter(({ shard, epoch }) => epochs.get(shard) !== epoch));
    for (const [shard, epoch] of epochs)
      if (!this.#tenures.has(shard))
        this.#tenures.set(shard, { shard, epoch, since: performance.now(), isInherited: epoch !== '1' });
    this.#until = askedAt + LEASE_MS;
  }

  async #lose(lost: readonly Tenure[]): Promise<void> {
    if (lost.length === 0) return;
    for (const { shard } of lost) this.#tenures.delete(shard);
    this.log.warn('shards lost', { lost: lost.length });
    await this.#whenLost(lost, false);
  }

  /** In order: what is free goes back first, nobody is given any more of it. */
  async #leave(left: readonly Tenure[]): Promise<void> {
    if (left.length === 0) return;
    for (const { shard } of left) this.#tenures.delete(shard);
    this.announce();
    await this.#whenLost(left, true);
    await this.blocks.leaveShards(
      this.#keeper,
      left.map(({ shard }) => shard),
    );
    this.announce();
  }
}
