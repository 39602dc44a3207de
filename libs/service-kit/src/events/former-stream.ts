import type { NatsConnection } from '@nats-io/transport-node';
import { formerStream, type EventContract } from '@orgn/contracts';
import type { ServiceLog } from '../logging/service-log.ts';
import { deleteFormerStream, narrowFormerStream } from './event-stream.ts';
import { EventConsumer, type ConsumerOptions } from './event.consumer.ts';

const LOOK_MS = 1_000;

/** Settles what an earlier release left in its stream, then deletes that stream. Replicas share the work. */
export class FormerStream<C extends EventContract> {
  readonly #consumer: EventConsumer<C>;
  #timer: NodeJS.Timeout | undefined;
  #isConsuming = false;

  constructor(
    private readonly connection: NatsConnection,
    options: Pick<ConsumerOptions<C>, 'contracts' | 'settlement' | 'pauseMs'>,
    private readonly log: ServiceLog,
  ) {
    this.#consumer = new EventConsumer(
      connection,
      { ...options, stream: formerStream.name, durable: formerStream.durable, prepare: async () => undefined },
      log,
    );
  }

  /** Takes its subjects from it, so that the new stream can be made, and begins to empty it. */
  async retire(): Promise<void> {
    const isThere = await narrowFormerStream(this.connection);
    if (!isThere || this.#isConsuming) return;
    this.#isConsuming = true;
    this.#consumer.start();
    this.#timer = setInterval(() => void this.#look(), LOOK_MS).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    if (this.#isConsuming) await this.#consumer.stop();
    this.#isConsuming = false;
  }

  async #look(): Promise<void> {
    try {
      if (!(await deleteFormerStream(this.connection))) return;
      await this.stop();
      this.log.info('the former event stream is settled and gone');
    } catch (error) {
      this.log.warn('the former event stream is still there', {}, error);
    }
  }
}
