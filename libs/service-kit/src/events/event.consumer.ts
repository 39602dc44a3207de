import { AckPolicy, jetstream, jetstreamManager, type ConsumerMessages, type JsMsg } from '@nats-io/jetstream';
import { nanos, type NatsConnection } from '@nats-io/transport-node';
import { eventStream, type EventContract, type PayloadOf } from '@orgn/contracts';
import { decode } from '../bus/wire.ts';
import type { ServiceLog } from '../logging/service-log.ts';
import { ensureEventStream } from './event-stream.ts';

export interface ConsumerOptions<C extends EventContract> {
  contract: C;
  /** Durable name: replicas that share it share the work. */
  durable: string;
  /** Commits events; may see one again. A rejection brings the whole batch back later. */
  settle(events: PayloadOf<C>[]): Promise<void>;
  /** Shortest time between two commits, in milliseconds: events that arrive meanwhile share the next one. */
  pauseMs: number;
}

const MAX_MESSAGES = 256;
const RETRY_MS = 1_000;

/**
 * Feeds a durable pull consumer's messages to `settle` in natural batches, and acknowledges them once it has committed.
 * Survives restarts of the server: it starts over until it is told to stop.
 */
export class EventConsumer<C extends EventContract> {
  #messages: ConsumerMessages | undefined;
  #collected: JsMsg[] = [];
  #arrived: () => void = () => undefined;
  #isStopping = false;
  readonly #stopped = Promise.withResolvers<undefined>();
  #running: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly connection: NatsConnection,
    private readonly options: ConsumerOptions<C>,
    private readonly log: ServiceLog,
  ) {}

  start(): void {
    this.#running = Promise.all([this.#receive(), this.#settleForever()]);
  }

  /** Stops taking messages and waits for the commit in progress; what was not committed goes back to a replica. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#stopped.resolve(undefined);
    this.#messages?.stop();
    this.#arrived();
    await this.#running;
    if (this.connection.isClosed()) return;
    // At once, not only when the server has waited for their acks in vain.
    for (const message of this.#collected.splice(0)) message.nak();
  }

  async #receive(): Promise<void> {
    while (!this.#isStopping) {
      try {
        await this.#consumeOnce();
      } catch (error) {
        this.log.warn('event consumer interrupted', { durable: this.options.durable }, error);
      }
      // Unless a stop is what ended it.
      await Promise.race([pause(RETRY_MS), this.#stopped.promise]);
    }
  }

  async #consumeOnce(): Promise<void> {
    await ensureEventStream(this.connection);
    const { contract, durable } = this.options;
    const manager = await jetstreamManager(this.connection);
    await manager.consumers.add(eventStream.name, {
      durable_name: durable,
      filter_subject: contract.subject,
      ack_policy: AckPolicy.Explicit,
      ack_wait: nanos(30_000),
      max_ack_pending: 4_096,
    });
    const consumer = await jetstream(this.connection).consumers.get(eventStream.name, durable);
    this.#messages = await consumer.consume({ max_messages: 256, expires: 5_000, abort_on_missing_resource: true });
    // A stop that came while this was being set up found nothing to stop.
    if (this.#isStopping) this.#messages.stop();
    for await (const message of this.#messages) {
      this.#collected.push(message);
      this.#arrived();
    }
  }

  async #settleForever(): Promise<void> {
    while (!this.#isStopping) {
      if (this.#collected.length === 0) await new Promise<void>((resolve) => (this.#arrived = resolve));
      const batch = this.#collected.splice(0, MAX_MESSAGES);
      if (batch.length > 0) await this.#settle(batch);
      await pause(this.options.pauseMs);
    }
  }

  async #settle(messages: JsMsg[]): Promise<void> {
    const readable = messages.flatMap((message) => this.#read(message));
    if (readable.length === 0) return;
    try {
      await this.options.settle(readable.flatMap(({ events }) => events));
      for (const { message } of readable) message.ack();
    } catch (error) {
      this.log.error('events not settled, will retry', error, { messages: readable.length });
      for (const { message } of readable) message.nak(RETRY_MS);
    }
  }

  /** An event that does not match the contract would come back for ever: leave it out, and say so. */
  #read(message: JsMsg): { message: JsMsg; events: PayloadOf<C>[] }[] {
    const body = decodeOrNull(message.data);
    const items: unknown[] = Array.isArray(body) ? body : [null];
    const parsed = items.map((item) => this.options.contract.payload.safeParse(item));
    const events = parsed.filter((item) => item.success).map((item) => item.data as PayloadOf<C>);
    if (events.length < parsed.length) {
      const fields = { sequence: message.seq, refused: parsed.length - events.length };
      this.log.error(
        'events refused: they do not match their contract',
        parsed.find((item) => item.error)?.error,
        fields,
      );
    }
    if (events.length > 0) return [{ message, events }];
    message.term();
    return [];
  }
}

function decodeOrNull(data: Uint8Array): unknown {
  try {
    return decode(data);
  } catch {
    return null;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
