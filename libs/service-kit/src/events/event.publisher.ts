import { randomUUID } from 'node:crypto';
import { jetstream, type JetStreamClient } from '@nats-io/jetstream';
import { errors, type NatsConnection } from '@nats-io/transport-node';
import { ServiceError, type EventContract, type PayloadOf } from '@orgn/contracts';
import { NaturalBatcher, type Outcome } from '../bus/natural-batcher.ts';
import { encode } from '../bus/wire.ts';
import type { ServiceLog } from '../logging/service-log.ts';
import { ensureEventStream } from './event-stream.ts';
import { UnsettledEvents } from './unsettled-events.ts';

const ACK_TIMEOUT_MS = 3_000;
/** JetStream flushes to disk every two minutes only, so an ack does not survive a power cut: keep and say it again. */
const REPUBLISH_AFTER_MS = 10_000;

/**
 * Publishes events of one contract: `publish` resolves once JetStream has acknowledged, and the event stays in memory
 * and is published again every 10 s until `settle` is told that its consumer has committed it.
 */
export class EventPublisher<C extends EventContract> {
  readonly #client: JetStreamClient;
  readonly #batcher: NaturalBatcher<PayloadOf<C>, void>;
  readonly #unsettled = new UnsettledEvents<PayloadOf<C>>();
  readonly #timer: NodeJS.Timeout;

  constructor(
    private readonly connection: NatsConnection,
    private readonly contract: C,
    private readonly log: ServiceLog,
  ) {
    this.#client = jetstream(connection, { timeout: ACK_TIMEOUT_MS });
    this.#batcher = new NaturalBatcher({
      send: (events) => this.#send(events),
      maxBatch: contract.maxBatch,
      maxWaitMs: ACK_TIMEOUT_MS,
    });
    this.#timer = setInterval(() => this.#republish(), REPUBLISH_AFTER_MS / 4).unref();
  }

  /** Number of events whose consumer has not confirmed them yet. */
  get unsettled(): number {
    return this.#unsettled.size;
  }

  /** @throws ServiceError `service_unavailable` when JetStream did not acknowledge; the event is kept all the same */
  async publish(id: string, event: PayloadOf<C>): Promise<void> {
    this.#unsettled.keep(id, event);
    await this.#batcher.add(event);
  }

  /** Keeps an event and publishes it when it can, for callers that need no acknowledgement. */
  publishEventually(id: string, event: PayloadOf<C>): void {
    this.publish(id, event).catch(() => undefined);
  }

  /** Forgets an event without another word, for one that is replaced by a later word on the same thing. */
  withdraw(id: string): void {
    this.#unsettled.drop([id]);
  }

  /** The consumer has committed these events. */
  settle(ids: readonly string[]): void {
    this.#unsettled.drop(ids);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #republish(): void {
    const overdue = this.#unsettled.takeOverdue(Date.now() - REPUBLISH_AFTER_MS, this.contract.maxBatch);
    if (overdue.length === 0) return;
    this.log.warn('events unsettled, publishing again', { events: overdue.length, unsettled: this.unsettled });
    for (const event of overdue) this.#batcher.add(event).catch(() => undefined);
  }

  async #send(events: PayloadOf<C>[]): Promise<Outcome<void>[]> {
    const message = encode(events);
    // The server drops a repetition of the same message.
    const msgID = randomUUID();
    try {
      await this.#store(message, msgID).catch(async (error: unknown) => {
        if (!isNoStream(error)) throw error;
        await ensureEventStream(this.connection);
        await this.#store(message, msgID);
      });
      return events.map(() => ({ ok: undefined }));
    } catch (cause) {
      throw new ServiceError('service_unavailable', 'Usage cannot be recorded right now; try again shortly.', {
        cause,
      });
    }
  }

  async #store(message: Uint8Array, msgID: string): Promise<void> {
    await this.#client.publish(this.contract.subject, message, { msgID });
  }
}

/** Nobody stores this subject: the server lost its data, or this process came up first. */
function isNoStream(error: unknown): boolean {
  const cause = error instanceof Error && error.name === 'JetStreamNotEnabled' ? error.cause : error;
  return cause instanceof errors.NoRespondersError || (cause instanceof errors.RequestError && cause.isNoResponders());
}
