import { Injectable } from '@nestjs/common';
import { ServiceLog } from '@orgn/service-kit';
import { UsageMeteringConfig } from '../config.ts';
import { BlocksRepository, type OwnedShard } from './blocks.repository.ts';
import { toOrder, type HoldOrder } from './hold-order.ts';
import { Proofs } from '../proofs/proofs.ts';
import type { Return, Stock } from './stock.ts';
import type { DeskTools } from './team-desk.ts';

/** How long a block that could not be given back waits for the next attempt. */
const AGAIN_MS = 1_000;
const ATTEMPTS = 30;
/** Of a request that only rates limit: its owner has to hear of its end all the same. */
const NO_BLOCK = ['0'];

/** Draws for desks what they lack, and gives back what they do not need. */
@Injectable()
export class DeskDrawer {
  constructor(
    private readonly blocks: BlocksRepository,
    private readonly proofs: Proofs,
    private readonly config: UsageMeteringConfig,
    private readonly log: ServiceLog,
  ) {}

  /** How long somebody may still speak of a hold, in milliseconds. */
  get lifeMs(): number {
    return this.config.TOTAL_TIMEOUT_MS + this.config.HOLD_GRACE_MS;
  }

  /** What a request wants set aside; undefined when its ticket is not good. */
  orderOf(ticket: string, bound: { nanoUsd: number; tokens: number }): HoldOrder | undefined {
    const admission = this.proofs.admit(ticket);
    return typeof admission === 'string' ? undefined : toOrder(admission, bound, this.config.BILLING);
  }

  /** @param shard that the team belongs to, as long as it is this replica's */
  toolsFor(team: string, shard: OwnedShard): Omit<DeskTools, 'refused'> {
    return {
      draw: (order, stocks, waiting) => this.#draw({ team, shard, order, waiting }, stocks),
      giveBack: (returns) => void this.giveBackNow(team, returns),
      receiptOf: ({ admission, nanoUsd }, blocks) =>
        this.proofs.mint({
          requestId: admission.requestId,
          nanoUsd: blocks.length > 0 ? nanoUsd : 0n,
          epoch: BigInt(shard.epoch),
          blocks: blocks.length > 0 ? blocks : NO_BLOCK,
        }),
      waitMs: this.config.HOLD_WAIT_MS,
      idleMs: this.config.HOLD_IDLE_MS,
      failed: (error) => this.log.warn('money could not be drawn', { team }, error),
    };
  }

  /** Never throws: what cannot be given back in time goes back when its block is collected. */
  async giveBackNow(team: string, returns: readonly Return[], attempts = ATTEMPTS): Promise<void> {
    try {
      await this.blocks.giveBack(team, returns);
    } catch (error) {
      this.log.warn('blocks not given back', { team, attempts }, error);
      if (attempts > 1) setTimeout(() => void this.giveBackNow(team, returns, attempts - 1), AGAIN_MS).unref();
    }
  }

  async #draw({ team, shard, order, waiting }: Draw, stocks: readonly Stock[]): Promise<boolean> {
    const unopened = stocks.filter(({ limit, openedCap }) => limit.cap !== undefined && limit.cap !== openedCap);
    if (unopened.length > 0) {
      const limits = unopened.map(({ limit }) => limit);
      await this.blocks.open(team, limits);
      for (const [at, stock] of unopened.entries()) stock.openedCap = limits[at]?.cap ?? null;
    }
    const { nanoUsd } = order;
    const needs = stocks.map((stock) => ({
      stock,
      need: stock.free < nanoUsd ? nanoUsd - stock.free : 0n,
      wish: stock.free < nanoUsd ? stock.wish(nanoUsd, waiting) : 0n,
    }));
    const askedAt = performance.now();
    const drawn = await this.blocks.draw(team, shard, needs);
    for (const [at, stock] of stocks.entries()) if (drawn?.[at]) stock.drew(drawn[at], askedAt);
    return drawn !== undefined;
  }
}

interface Draw {
  team: string;
  shard: OwnedShard;
  order: HoldOrder;
  waiting: bigint;
}
