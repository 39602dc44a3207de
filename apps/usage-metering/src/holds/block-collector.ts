import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { UsageStreamWatch } from '../usage/usage-stream-watch.ts';
import { BlocksRepository } from './blocks.repository.ts';
import { CollectedMoney } from './collected-money.ts';
import { DeskDrawer } from './desk-drawer.ts';

const LOOK_MS = 1_000;

/**
 * Gives back what nobody spoke of: once a block has ended, every hold in it must have ended a request's longest life later. What
 * its requests said by then has to be settled first, so the stream has to have passed that moment, too.
 */
@Injectable()
export class BlockCollector implements OnApplicationBootstrap, OnModuleDestroy {
  #timer: NodeJS.Timeout | undefined;
  #isLooking = false;

  constructor(
    private readonly blocks: BlocksRepository,
    private readonly stream: UsageStreamWatch,
    private readonly drawer: DeskDrawer,
    private readonly collected: CollectedMoney,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => void this.#look(), LOOK_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    const settledUntil = this.stream.completeUntil;
    if (this.#isLooking || settledUntil === null) return;
    this.#isLooking = true;
    try {
      for (const { team, nanoUsd } of await this.blocks.reap(this.drawer.lifeMs, settledUntil))
        this.collected.note(team, nanoUsd);
    } catch (error) {
      this.collected.failed(error);
    } finally {
      this.#isLooking = false;
    }
  }
}
