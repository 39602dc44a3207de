import { jetstream, type JetStreamClient } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { ServiceError, usageStream, type EventContract, type PayloadOf, type usageStored } from '@orgn/contracts';
import type { Registry } from 'prom-client';
import { NaturalBatcher, type Outcome } from '../bus/natural-batcher.ts';
import { encode } from '../bus/wire.ts';
import type { ServiceLog } from '../logging/service-log.ts';
import { PublisherMetrics } from './publisher-metrics.ts';
import { UnsettledMessages, type UnsettledMessage } from './unsettled-messages.ts';
import { needsWholeRecords, toWholeRecord } from './whole-records.ts';

const ACK_TIMEOUT_MS = 3_000;
const LOOK_MS = 500;
const FLUSH_LOOK_MS = 20;
/** Messages that are repeated at once. */
const MAX_REPEATED = 16;
/** Events that are kept in memory, whatever happens. */
const MAX_UNSETTLED = 100_000;

type Item<C extends EventContract> = [id: string, event: PayloadOf<C>];

/**
 * Publishes events of one contract: `publish` resolves once JetStream has acknowledged. An acknowledged event need not be
 * on disk yet, so it stays in memory until `settle` is told that its consumer has committed it, and is published again
 * where the server may have lost it. What the stream still holds is not repeated, so that a long outage does not fill it.
 */
export class EventPublisher<C extends EventContract> {
  readonly #client: JetStreamClient;
  readonly #batcher: NaturalBatcher<Item<C>, void>;
  readonly #unsettled = new UnsettledMessages<PayloadOf<C>>(MAX_UNSETTLED);
  readonly #metrics: PublisherMetrics | undefined;
  readonly #timer: NodeJS.Timeout;
  readonly #ends: (() => void)[] = [];
  #isRepeating = false;
  #isRefused = false;

  constructor(
    private readonly connection: NatsConnection,
    private readonly contract: C,
    private readonly log: ServiceLog,
    registry?: Registry,
  ) {
    this.#client = jetstream(connection, { timeout: ACK_TIMEOUT_MS });
    this.#batcher = new NaturalBatcher({
      send: (items) => this.#send(items),
      maxBatch: contract.maxBatch,
      maxWaitMs: ACK_TIMEOUT_MS,
    });
    this.#metrics = registry && new PublisherMetrics(registry, () => this.unsettled);
    this.#timer = setInterval(() => void this.#repeat(), LOOK_MS).unref();
    void this.#watchConnection();
  }

  /** Number of events whose consumer has not confirmed them yet. */
  get unsettled(): number {
    return this.#unsettled.size;
  }

  /**
   * The stream refused the last message, or could not be reached: work whose event could not be stored is in vain. What was
   * refused is tried again, and so tells when it is over; where nothing is left to try, the next event does.
   */
  get isRefused(): boolean {
    return this.#isRefused && this.#unsettled.hasUntaken;
  }

  /** @throws ServiceError `service_unavailable` when JetStream did not acknowledge; the event is kept all the same */
  async publish(id: string, event: PayloadOf<C>): Promise<void> {
    if (!this.#unsettled.makeRoom()) throw refused();
    try {
      await this.#batcher.add([id, event]);
    } catch (error) {
      // One that waited in vain for its turn was never sent.
      if (!this.#unsettled.has(id)) this.#unsettled.keep([[id, event]]).failed(performance.now());
      throw error;
    }
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

  /** The consumer has said what the stream holds. */
  heard(holds: PayloadOf<typeof usageStored>): void {
    this.#unsettled.heard(holds);
  }

  /** What else ends with this publisher. */
  whenClosed(...ends: (() => void)[]): void {
    this.#ends.push(...ends);
  }

  /** Waits until the stream has taken everything, or so many milliseconds: what is only in memory ends with it. */
  async flush(ms: number): Promise<void> {
    const until = performance.now() + ms;
    while (
      performance.now() < until &&
      !this.connection.isClosed() &&
      (this.#batcher.isBusy || this.#unsettled.hasUntaken)
    ) {
      await new Promise((resolve) => setTimeout(resolve, FLUSH_LOOK_MS));
    }
  }

  close(): void {
    clearInterval(this.#timer);
    for (const end of this.#ends) end();
  }

  async #repeat(): Promise<void> {
    if (this.#isRepeating) return;
    this.#isRepeating = true;
    try {
      for (let due = this.#due(); due.length > 0; due = this.#due()) {
        const ends = await Promise.allSettled(due.map((message) => this.#store(message)));
        this.#metrics?.repeated(due.length);
        // Nothing is taken right now: the others would wait in vain, one time-out after the other.
        if (ends.every(({ status }) => status === 'rejected')) return;
      }
    } finally {
      this.#isRepeating = false;
    }
  }

  #due(): UnsettledMessage<PayloadOf<C>>[] {
    return this.#unsettled.due(performance.now(), MAX_REPEATED);
  }

  async #send(items: Item<C>[]): Promise<Outcome<void>[]> {
    await this.#store(this.#unsettled.keep(items));
    return items.map(() => ({ ok: undefined }));
  }

  async #store(message: UnsettledMessage<PayloadOf<C>>): Promise<void> {
    // Settled, or withdrawn, while it waited for its turn.
    if (message.events.size === 0) return;
    message.underWay();
    try {
      const msgID = message.id;
      const data = this.#toData(message, msgID);
      const ack = await this.#client.publish(this.contract.subject, data, {
        msgID,
        expect: { streamName: usageStream.name },
      });
      message.taken(ack.seq, performance.now());
      if (this.#isRefused) this.log.info('events are taken again', { unsettled: this.unsettled });
      this.#isRefused = false;
    } catch (cause) {
      message.failed(performance.now());
      if (!this.#isRefused) this.log.error('events are refused', cause, { unsettled: this.unsettled });
      this.#isRefused = true;
      this.#metrics?.refused();
      throw refused(cause);
    }
  }

  #toData({ events }: UnsettledMessage<PayloadOf<C>>, msgID: string): Uint8Array {
    const data = encode([...events.values()]);
    const { subject } = this.contract;
    return needsWholeRecords(this.connection) ? toWholeRecord(data, { subject, msgID }) : data;
  }

  async #watchConnection(): Promise<void> {
    for await (const { type } of this.connection.status()) {
      if (type === 'reconnect') this.#unsettled.serverWasAway();
    }
  }
}

function refused(cause?: unknown): ServiceError {
  return new ServiceError('service_unavailable', 'Usage cannot be recorded right now; try again shortly.', { cause });
}
