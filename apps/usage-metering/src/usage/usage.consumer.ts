import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import {
  formerUsageRecorded,
  usageRecordedByGateway,
  usageRecordedByRouter,
  type EventContract,
  type PayloadOf,
} from '@orgn/contracts';
import { Bus, ensureEventStream, EventConsumer, ServiceLog } from '@orgn/service-kit';
import { UsageService } from './usage.service.ts';

/** Commits at most this often, in milliseconds: events that arrive meanwhile share the next commit. */
const PAUSE_MS = 100;

/**
 * Hands what JetStream delivers to the settlement, each kind of witness by its own consumer, because the subject is what
 * proves it; replicas share the durable consumers and so the work.
 */
@Injectable()
export class UsageConsumer implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #consumers: { start(): void; stop(): Promise<void> }[];

  constructor(
    private readonly bus: Bus,
    usage: UsageService,
    private readonly log: ServiceLog,
  ) {
    this.#consumers = [
      this.#consume(usageRecordedByRouter, 'usage-of-routers', (events) => usage.settle('router', events)),
      this.#consume(usageRecordedByGateway, 'usage-of-gateways', (events) => usage.settle('gateway', events)),
      this.#consume(formerUsageRecorded, 'usage-metering', (events) => usage.settleFormer(events)),
    ];
  }

  /** Where this service reports itself healthy there is a stream, so that others can publish to it. */
  async onApplicationBootstrap(): Promise<void> {
    await ensureEventStream(this.bus.connection).catch((error: unknown) => {
      this.log.warn('event stream not ready, the consumer will try again', {}, error);
    });
    for (const consumer of this.#consumers) consumer.start();
  }

  /** Runs before the pool and the bus close, so that the last commit is also acknowledged and announced. */
  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.#consumers.map((consumer) => consumer.stop()));
    if (!this.bus.connection.isClosed()) await this.bus.connection.flush();
  }

  #consume<C extends EventContract>(contract: C, durable: string, settle: (events: PayloadOf<C>[]) => Promise<void>) {
    return new EventConsumer(this.bus.connection, { contract, durable, pauseMs: PAUSE_MS, settle }, this.log);
  }
}
