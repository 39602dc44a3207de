import type { ConsumerInfo, JetStreamManager, StreamInfo } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { usageStream, type PayloadOf, type usageStored } from '@orgn/contracts';
import { Gauge, type Registry } from 'prom-client';
import type { ServiceLog } from '../logging/service-log.ts';
import { managerOf } from './event-stream.ts';

const LOOK_MS = 3_000;

/** Looks at the event stream every few seconds, for metrics and for those who publish to it. */
export class StreamWatch {
  readonly #gauges: ReturnType<typeof gaugesIn>;
  #timer: NodeJS.Timeout | undefined;
  #isLooking = false;
  #strange = 0;
  #completeUntil: Date | undefined;
  #held: { messages: number; oldestSeconds: number } | undefined;

  /** @param tell is told what the stream holds */
  constructor(
    private readonly connection: NatsConnection,
    private readonly tell: (holds: PayloadOf<typeof usageStored>) => void,
    registry: Registry,
    private readonly log: ServiceLog,
  ) {
    this.#gauges = gaugesIn(registry);
  }

  /** Every word that was stored before has been settled, by the last look; undefined: nobody could look. */
  get completeUntil(): Date | undefined {
    return this.#completeUntil;
  }

  /** Words on their way to the database, by the last look; undefined: nobody could look. */
  get held(): { messages: number; oldestSeconds: number } | undefined {
    return this.#held;
  }

  start(): void {
    this.#timer = setInterval(() => void this.look(), LOOK_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Looks now. A server that hangs is asked no second time before it has answered. */
  async look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      const lookedAt = new Date();
      const manager = await managerOf(this.connection);
      const stream = await manager.streams.info(usageStream.name);
      const consumer = await manager.consumers.info(usageStream.name, usageStream.durable);
      this.#completeUntil = stream.state.messages === 0 ? lookedAt : new Date(stream.state.first_ts);
      this.#show(stream, consumer);
      if (this.#hasLostItsPlace(stream, consumer)) await this.#startOver(manager);
      const { first_seq: firstSequence, last_seq: lastSequence } = stream.state;
      this.tell({ createdAt: stream.created, firstSequence, lastSequence });
    } catch (error) {
      this.#completeUntil = undefined;
      this.#held = undefined;
      this.#gauges.reachable.set(0);
      this.log.warn('the event stream cannot be looked at', {}, error);
    } finally {
      this.#isLooking = false;
    }
  }

  /**
   * A server that lost the end of a stream and not what its consumer remembers delivers nothing until as many messages have
   * come again: there are messages, and the consumer knows of none. Seen twice, since both are asked one after the other.
   */
  #hasLostItsPlace({ state }: StreamInfo, { num_pending, num_ack_pending, delivered }: ConsumerInfo): boolean {
    const isAhead = delivered.stream_seq > state.last_seq;
    const isBlind = state.messages > 0 && num_pending === 0 && num_ack_pending === 0;
    this.#strange = isAhead || isBlind ? this.#strange + 1 : 0;
    return this.#strange >= 2;
  }

  /** The consumer is made anew by whoever consumes, and begins with the oldest message. */
  async #startOver(manager: JetStreamManager): Promise<void> {
    this.#strange = 0;
    this.log.warn('the consumer of the event stream has lost its place, it is made anew');
    await manager.consumers.delete(usageStream.name, usageStream.durable);
  }

  #show({ state, config }: StreamInfo, consumer: ConsumerInfo): void {
    const gauges = this.#gauges;
    const oldest = state.messages === 0 ? 0 : Math.max(0, Date.now() - Date.parse(state.first_ts)) / 1_000;
    this.#held = { messages: state.messages, oldestSeconds: Math.round(oldest) };
    gauges.reachable.set(1);
    gauges.bytes.set(state.bytes);
    gauges.maxBytes.set(config.max_bytes);
    gauges.messages.set(state.messages);
    gauges.oldest.set(oldest);
    gauges.pending.set(consumer.num_pending);
    gauges.ackPending.set(consumer.num_ack_pending);
    gauges.redelivered.set(consumer.num_redelivered);
  }
}

function gaugesIn(registry: Registry) {
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers: [registry] });
  return {
    reachable: gauge(
      'orgn_usage_stream_reachable',
      'Whether the usage stream and its consumer could be looked at: 1 or 0.',
    ),
    bytes: gauge('orgn_usage_stream_bytes', 'Bytes of usage words on their way to the database.'),
    maxBytes: gauge(
      'orgn_usage_stream_max_bytes',
      'Bytes at which the usage stream is full, and answers are withheld.',
    ),
    messages: gauge('orgn_usage_stream_messages', 'Messages of usage words on their way to the database.'),
    oldest: gauge('orgn_usage_stream_oldest_seconds', 'Age of the oldest message in the usage stream.'),
    pending: gauge('orgn_usage_consumer_pending', 'Messages that no metering has taken yet.'),
    ackPending: gauge('orgn_usage_consumer_ack_pending', 'Messages that a metering has taken and not settled yet.'),
    redelivered: gauge('orgn_usage_consumer_redelivered', 'Messages under way that were delivered more than once.'),
  };
}
