import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { usageRecorded } from '@orgn/contracts';
import { Bus, ensureEventStream, EventConsumer, ServiceLog } from '@orgn/service-kit';
import { UsageService } from './usage.service.ts';

/** Commits at most this often, in milliseconds: events that arrive meanwhile share the next commit. */
const PAUSE_MS = 100;

/** Hands what JetStream delivers to the settlement; replicas share one durable consumer and so the work. */
@Injectable()
export class UsageConsumer implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #consumer: EventConsumer<typeof usageRecorded>;

  constructor(
    private readonly bus: Bus,
    usage: UsageService,
    private readonly log: ServiceLog,
  ) {
    const settle = usage.settle.bind(usage);
    const options = { contract: usageRecorded, durable: 'usage-metering', pauseMs: PAUSE_MS, settle };
    this.#consumer = new EventConsumer(bus.connection, options, log);
  }

  /** Where this service reports itself healthy there is a stream, so that others can publish to it. */
  async onApplicationBootstrap(): Promise<void> {
    await ensureEventStream(this.bus.connection).catch((error: unknown) => {
      this.log.warn('event stream not ready, the consumer will try again', {}, error);
    });
    this.#consumer.start();
  }

  /** Runs before the pool and the bus close, so that the last commit is also acknowledged and announced. */
  async onModuleDestroy(): Promise<void> {
    await this.#consumer.stop();
    if (!this.bus.connection.isClosed()) await this.bus.connection.flush();
  }
}
