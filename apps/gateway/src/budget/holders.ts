import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { findHolders, holdersAnnounced, holdShardOf, type PayloadOf, type TeamId } from '@orgn/contracts';
import { Bus, ServiceLog } from '@orgn/service-kit';

/** What was not heard of for so long has no shards any more, unless it is only slow to say so: a lease is for 3 s. */
const FORGOTTEN_MS = 5_000;
/** How often it is looked whether somebody is still the owner that a request waits at. */
const LOOK_MS = 500;

/** Whoever leaves a shard in order leaves it to another, who has it within this time. */
const HAND_OVER_MS = 2_000;

/** For so long it is believed that leases ran out: it is said again every second. */
const LAPSED_MS = 2_000;

interface Holder {
  instance: string;
  heardAt: number;
}

/** Which replica of metering holds the money of which team, by what they say of themselves. */
@Injectable()
export class Holders implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #byShard = new Map<number, Holder>();
  /** When shards were left by who had them and said so, until somebody says that they are his. */
  readonly #leftAt = new Map<number, number>();
  /** When it was last said that leases ran out and could not be renewed, by replica. */
  readonly #lapsedAt = new Map<string, number>();
  /** Of shards that nobody was heard to own yet: it may be the first that we hear. */
  readonly #startedAt = performance.now();
  #news = Promise.withResolvers<undefined>();
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

  /**
   * Whether nobody holds any money and that is not because it is being handed over: leases ran out where they are renewed, so there
   * is nobody to wait for.
   */
  get areLapsed(): boolean {
    const now = performance.now();
    const owns = ({ heardAt }: Holder) => now - heardAt < FORGOTTEN_MS;
    return (
      [...this.#lapsedAt.values()].some((saidAt) => now - saidAt < LAPSED_MS) && ![...this.#byShard.values()].some(owns)
    );
  }

  /** It is not there. */
  isGone(instance: string, team: TeamId): void {
    const shard = holdShardOf(team);
    if (this.#byShard.get(shard)?.instance === instance) this.#byShard.delete(shard);
  }

  /** It says that it owns the shard of this team no more. */
  isNot(instance: string, team: TeamId): void {
    const shard = holdShardOf(team);
    if (this.#byShard.get(shard)?.instance === instance) this.#leave(shard);
  }

  /**
   * Who holds the money of a team once it has been handed over, where it is being so; else who did when that was last heard, who may
   * be slow to say it again. Undefined: nobody is known to, which is known at once where leases ran out.
   */
  async next(team: TeamId): Promise<string | undefined> {
    const shard = holdShardOf(team);
    const last = this.#byShard.get(shard)?.instance;
    if (last !== undefined) return last;
    const leftAt = this.#leftAt.get(shard) ?? this.#startedAt;
    const late = AbortSignal.timeout(Math.max(0, Math.ceil(leftAt + HAND_OVER_MS - performance.now())));
    const tooLate = once(late, 'abort');
    while (!late.aborted && !this.areLapsed) {
      const holder = this.of(team);
      if (holder !== undefined) return holder;
      await Promise.race([this.#news.promise, tooLate]);
    }
    return this.of(team);
  }

  /** Resolves once the money of a team is not known to be held by that owner any more, or when nobody wants to know. */
  async left(instance: string, team: TeamId, over: AbortSignal): Promise<void> {
    while (!over.aborted && this.of(team) === instance)
      await delay(LOOK_MS, undefined, { signal: over, ref: false }).catch(() => undefined);
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

  #hear({ instance, shards, isLapsed }: PayloadOf<typeof holdersAnnounced>): void {
    const own = new Set(shards);
    const now = performance.now();
    if (isLapsed) this.#lapsedAt.set(instance, now);
    else this.#lapsedAt.delete(instance);
    for (const [shard, holder] of this.#byShard)
      if (holder.instance === instance && !own.has(shard)) this.#leave(shard);
    for (const shard of own) {
      this.#byShard.set(shard, { instance, heardAt: now });
      this.#leftAt.delete(shard);
    }
    this.#news.resolve(undefined);
    this.#news = Promise.withResolvers<undefined>();
  }

  #leave(shard: number): void {
    this.#byShard.delete(shard);
    this.#leftAt.set(shard, performance.now());
  }
}
