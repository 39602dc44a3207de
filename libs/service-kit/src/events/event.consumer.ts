import { jetstream, type ConsumerMessages } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { EventContract } from '@orgn/contracts';
import type { ServiceLog } from '../logging/service-log.ts';
import { DeliveredMessage } from './delivered-message.ts';
import type { Settlement } from './settlement.ts';
import { SettlingQueue } from './settling-queue.ts';

export interface ConsumerOptions<C extends EventContract> {
  stream: string;
  /** Durable name: replicas that share it share the work. */
  durable: string;
  /** What may be delivered, by subject. */
  contracts: readonly C[];
  /** Makes sure of the stream and the durable consumer. Called again after every interruption. */
  prepare(): Promise<void>;
  settlement: Settlement<C>;
  /** Shortest time between two small commits, in milliseconds: events that arrive meanwhile share the next one. */
  pauseMs: number;
}

/** Messages of one pull. */
const MAX_MESSAGES = 16;
const PULL_MS = 5_000;
const RETRY_MS = 500;

/**
 * Feeds a durable pull consumer's messages to the settlement. Survives restarts of the server, and the loss of its data: it
 * starts over, from the making of the stream on, until it is told to stop. What it has in memory is bounded by the durable
 * consumer's `max_ack_pending`.
 */
export class EventConsumer<C extends EventContract> {
  #messages: ConsumerMessages | undefined;
  #queue: SettlingQueue<C> | undefined;
  #isStopping = false;
  readonly #stopped = Promise.withResolvers<undefined>();
  #running: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly connection: NatsConnection,
    private readonly options: ConsumerOptions<C>,
    private readonly log: ServiceLog,
  ) {}

  start(): void {
    const { settlement, pauseMs } = this.options;
    this.#queue = new SettlingQueue(settlement, pauseMs, this.log);
    this.#running = this.#receive(this.#queue);
    void this.#watchConnection();
  }

  /** Stops taking messages and waits for the commit in progress; what was not committed goes back to a replica at once. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#stopped.resolve(undefined);
    this.#messages?.stop();
    await this.#running;
    await this.#queue?.stop();
  }

  async #receive(queue: SettlingQueue<C>): Promise<void> {
    while (!this.#isStopping) {
      try {
        await this.#consumeOnce(queue);
      } catch (error) {
        this.log.warn('event consumer interrupted', { durable: this.options.durable }, error);
      }
      // Unless a stop is what ended it.
      await Promise.race([pause(RETRY_MS), this.#stopped.promise]);
    }
  }

  async #consumeOnce(queue: SettlingQueue<C>): Promise<void> {
    const { stream, durable, contracts } = this.options;
    await this.options.prepare();
    const consumer = await jetstream(this.connection).consumers.get(stream, durable);
    this.#messages = await consumer.consume({
      max_messages: MAX_MESSAGES,
      expires: PULL_MS,
      abort_on_missing_resource: true,
      callback: (message) => queue.add(new DeliveredMessage(message, contracts)),
    });
    // A stop that came while this was being set up found nothing to stop.
    if (this.#isStopping) this.#messages.stop();
    const error = await this.#messages.closed();
    if (error) throw error;
  }

  /** A server that comes back may have lost the stream: then it is made again at once, since until then nothing is taken. */
  async #watchConnection(): Promise<void> {
    for await (const { type } of this.connection.status()) {
      if (this.#isStopping) return;
      if (type === 'reconnect') this.#messages?.stop();
    }
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
