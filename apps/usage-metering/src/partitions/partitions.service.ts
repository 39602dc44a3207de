import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { ServiceLog } from '@orgn/service-kit';
import { Gauge, Registry } from 'prom-client';
import { PartitionsRepository } from './partitions.repository.ts';

const HOUR_MS = 3_600_000;
const MAX_COUNTED = 10_000;

/** Keeps a partition ready for this month and the next three, at start and every hour. */
@Injectable()
export class PartitionsService implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #stray: Gauge;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly partitions: PartitionsRepository,
    private readonly log: ServiceLog,
    registry: Registry,
  ) {
    this.#stray = new Gauge({
      name: 'orgn_usage_default_partition_rows',
      help: 'Usage rows outside every month (counted up to 10000); above 0 a clock is wrong or partitions are missing.',
      registers: [registry],
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    this.#timer = setInterval(() => void this.keepReady(), HOUR_MS).unref();
    await this.keepReady();
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
  }

  /** Never throws: rows without a month are safe in the default partition until the next hour's attempt. */
  async keepReady(): Promise<void> {
    try {
      const made = await this.partitions.makeMissing();
      if (made > 0) this.log.info('usage partitions made', { made });
      const stray = await this.partitions.countStray(MAX_COUNTED);
      if (stray > 0) this.log.warn('usage rows outside every month', { stray });
      this.#stray.set(stray);
    } catch (error) {
      this.log.error('usage partitions not checked', error);
    }
  }
}
