import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { ServiceLog } from '@orgn/service-kit';
import { Counter, Registry } from 'prom-client';
import { UsageMeteringConfig } from '../config.ts';
import { UsageStreamWatch } from '../usage/usage-stream-watch.ts';
import { BlocksRepository } from './blocks.repository.ts';

const LOOK_MS = 1_000;

/**
 * Gives back what nobody spoke of: once a block has ended, every hold in it must have ended a request's longest life later. What
 * its requests said by then has to be settled first, so the stream has to have passed that moment, too.
 */
@Injectable()
export class BlockCollector implements OnApplicationBootstrap, OnModuleDestroy {
  #timer: NodeJS.Timeout | undefined;
  #isLooking = false;
  readonly #collected: Counter;

  constructor(
    private readonly blocks: BlocksRepository,
    private readonly stream: UsageStreamWatch,
    private readonly config: UsageMeteringConfig,
    private readonly log: ServiceLog,
    registry: Registry,
  ) {
    this.#collected = new Counter({
      name: 'orgn_hold_collected_nano_usd_total',
      help: 'Nano-USD that were held for requests of which nobody spoke, and went back.',
      registers: [registry],
    });
  }

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
      const lifeMs = this.config.TOTAL_TIMEOUT_MS + this.config.HOLD_GRACE_MS;
      for (const { team, nanoUsd } of await this.blocks.reap(lifeMs, settledUntil)) {
        this.#collected.inc(Number(nanoUsd));
        this.log.info('held money went back, nobody spoke of it', { team, nanoUsd });
      }
    } catch (error) {
      this.log.warn('ended blocks not collected', {}, error);
    } finally {
      this.#isLooking = false;
    }
  }
}
