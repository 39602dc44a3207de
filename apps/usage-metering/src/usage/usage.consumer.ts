import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { formerUsageRecorded, usageStream } from '@orgn/contracts';
import { Bus, ensureDurable, ensureEventStream, EventConsumer, FormerStream, ServiceLog } from '@orgn/service-kit';
import { UsageMeteringConfig } from '../config.ts';
import { UsageSettlement, witnessed, type Words } from './usage-settlement.ts';

/** Small commits come at most this often, in milliseconds: events that arrive meanwhile share the next one. */
const PAUSE_MS = 100;

/**
 * Hands what JetStream delivers to the settlement; replicas share one durable consumer and so the work. The only service
 * that makes the stream: where there is none, nothing can be published, and answers are withheld.
 */
@Injectable()
export class UsageConsumer implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #consumer: EventConsumer<Words>;
  readonly #former: FormerStream<typeof formerUsageRecorded>;

  constructor(
    private readonly bus: Bus,
    private readonly config: UsageMeteringConfig,
    private readonly log: ServiceLog,
    settlement: UsageSettlement,
  ) {
    const { connection } = bus;
    const former = { contracts: [formerUsageRecorded], settlement: settlement.former, pauseMs: PAUSE_MS };
    this.#former = new FormerStream(connection, former, log);
    const { name: stream, durable } = usageStream;
    const prepare = () => this.#prepare();
    const options = { stream, durable, prepare, contracts: witnessed, settlement, pauseMs: PAUSE_MS };
    this.#consumer = new EventConsumer<Words>(connection, options, log);
  }

  /** Where this service reports itself healthy there is a stream, so that others can publish to it. */
  async onApplicationBootstrap(): Promise<void> {
    await this.#prepare().catch((error: unknown) => {
      this.log.warn('event stream not ready, the consumer will try again', {}, error);
    });
    this.#consumer.start();
  }

  /** Runs before the pool and the bus close, so that the last commit is also acknowledged and announced. */
  async onModuleDestroy(): Promise<void> {
    await Promise.all([this.#consumer.stop(), this.#former.stop()]);
    if (!this.bus.connection.isClosed()) await this.bus.connection.flush();
  }

  async #prepare(): Promise<void> {
    const { connection } = this.bus;
    await this.#former.retire();
    await ensureEventStream(connection, this.config.USAGE_STREAM_MAX_BYTES);
    const { name: stream, durable, subjects } = usageStream;
    await ensureDurable(connection, { stream, durable, filter: subjects[0] });
  }
}
