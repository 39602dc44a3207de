import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { usageStored } from '@orgn/contracts';
import { Bus, ServiceLog, StreamWatch } from '@orgn/service-kit';
import { Registry } from 'prom-client';

/** Shows what the stream holds, and tells publishers: what is still in it they need not say again. */
@Injectable()
export class UsageStreamWatch implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #watch: StreamWatch;

  constructor(bus: Bus, registry: Registry, log: ServiceLog) {
    this.#watch = new StreamWatch(bus.connection, (holds) => bus.broadcast(usageStored, holds), registry, log);
  }

  /** Every request that ended before is settled; null: not known. */
  get completeUntil(): Date | null {
    return this.#watch.completeUntil ?? null;
  }

  /** Words on their way to the database; null: not known. */
  get backlog(): { messages: number; oldestSeconds: number } | null {
    return this.#watch.held ?? null;
  }

  onApplicationBootstrap(): void {
    this.#watch.start();
  }

  onModuleDestroy(): void {
    this.#watch.stop();
  }
}
