import { setTimeout as delay } from 'node:timers/promises';
import { jetstreamManager, JetStreamApiError, type JetStreamManager } from '@nats-io/jetstream';
import { connect, nkeyAuthenticator, type NatsConnection } from '@nats-io/transport-node';
import { usageStream } from '@orgn/contracts';
import type { Deployment } from '../deployment/deployment.ts';

/** A message of usage words, as a line of JSON in a dump. */
export interface DumpedMessage {
  subject: string;
  /** JSON, as it was published. */
  payload: string;
}

const CONNECT_MS = 5_000;
/** Metering settles within a fraction of a second: what it still does, the snapshot has, and the dump need not bring along. */
const SETTLE_MS = 3_000;
const LOOK_MS = 100;
const [STREAM_NOT_FOUND, MESSAGE_NOT_FOUND] = [10_059, 10_037];

/**
 * The words that NATS holds and that are not settled: everything that was stored before this was asked, and that is not a row
 * by then. Read before the snapshot is taken, so that each of them is in one of the two, or in both.
 */
export class UnsettledWords implements AsyncDisposable {
  private constructor(
    private readonly connection: NatsConnection,
    private readonly manager: JetStreamManager,
  ) {}

  /** @throws when NATS cannot be reached */
  static async open(bus: NonNullable<Deployment['bus']>): Promise<UnsettledWords> {
    const connection = await connect({
      servers: bus.url,
      authenticator: nkeyAuthenticator(Buffer.from(bus.seed)),
      tls: bus.tls,
      inboxPrefix: '_INBOX.usage-metering',
      name: 'backup',
      timeout: CONNECT_MS,
      reconnect: false,
    });
    return new UnsettledWords(connection, await jetstreamManager(connection, { timeout: CONNECT_MS, checkAPI: false }));
  }

  /** One message after the other; none where there is no stream. */
  async *read(): AsyncGenerator<DumpedMessage> {
    const last = await this.#lastSequence();
    await this.#waitSettled(last);
    for (let seq = 1; seq <= last; seq += 1) {
      const message = await this.#next(seq);
      if (!message || message.seq > last) return;
      seq = message.seq;
      yield { subject: message.subject, payload: message.string().trimEnd() };
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.connection.close();
  }

  async #lastSequence(): Promise<number> {
    return (await this.#state())?.last_seq ?? 0;
  }

  async #waitSettled(last: number): Promise<void> {
    for (let waited = 0; waited < SETTLE_MS; waited += LOOK_MS) {
      const state = await this.#state();
      if (!state || state.messages === 0 || state.first_seq > last) return;
      await delay(LOOK_MS);
    }
  }

  async #state() {
    return orUndefined(this.manager.streams.info(usageStream.name), STREAM_NOT_FOUND).then((info) => info?.state);
  }

  /** The first message from `seq` on: what is settled leaves the stream, also while it is read. */
  async #next(seq: number) {
    const query = { seq, next_by_subj: usageStream.subjects[0] };
    return (
      (await orUndefined(this.manager.streams.getMessage(usageStream.name, query), MESSAGE_NOT_FOUND)) ?? undefined
    );
  }
}

async function orUndefined<T>(asked: Promise<T>, code: number): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === code) return undefined;
    throw error;
  }
}
