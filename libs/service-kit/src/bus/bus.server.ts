import { isIP } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import { answeredSubjects, ServiceError, type Service } from '@orgn/contracts';
import { Counter } from 'prom-client';
import { isObservable, lastValueFrom } from 'rxjs';
import type { Health } from '../health/health.ts';
import { withOperator, withDeadline, withRequestId } from '../logging/request-context.ts';
import type { ServiceLog } from '../logging/service-log.ts';
import { Thrown, type HandlerExtras } from './answers.decorator.ts';
import { Announcer } from './announcer.ts';
import { InFlight } from './in-flight.ts';
import { LoopWatch } from './loop-watch.ts';
import { isInboxFor } from './inboxes.ts';
import { Membership } from './membership.ts';
import { QueueGroup } from './queue-group.ts';
import { OPERATOR_ADDRESS_HEADER, REQUEST_ID_HEADER, TIMEOUT_HEADER, decode, encode, toWireReply } from './wire.ts';

/** Characters of the longest IP address, an IPv6 one with an IPv4 one in it. */
const MAX_ADDRESS = 45;

/** How long a stop waits for the bus: one that is down answers nothing. */
const FLUSH_MS = 1_000;

/**
 * Nest's door to the bus. Unlike the stock NATS transport it refuses requests whose deadline has passed, and on close it
 * unsubscribes, waits for the work in flight and flushes the replies, so that a stop loses nothing.
 */
export class BusServer extends Server implements CustomTransportStrategy {
  readonly #subscriptions: Subscription[] = [];
  readonly #inFlight = new InFlight();
  readonly #watch = new LoopWatch();
  readonly #announcer: Announcer;
  readonly #group: QueueGroup;
  readonly #membership: Membership;
  /** Questions that were not acted on, because nobody waited for the answer any more. */
  readonly late = new Counter({
    name: 'orgn_bus_late_questions_total',
    help: 'Questions that were refused because they were read too late.',
    labelNames: ['subject'],
    registers: [],
  });

  constructor(
    private readonly connection: NatsConnection,
    private readonly service: Service,
    private readonly log: ServiceLog,
    private readonly replica: { instance: string; health: Health },
  ) {
    super();
    this.#announcer = new Announcer(connection, service, replica.instance);
    this.#group = new QueueGroup(connection);
    const own = { watch: this.#watch, announcer: this.#announcer, group: this.#group };
    this.#membership = new Membership({ connection, service, log, ...replica, ...own });
  }

  listen(callback: (error?: Error) => void): void {
    for (const [subject, handler] of this.messageHandlers) {
      const { contract } = handler.extras as HandlerExtras;
      if (handler.next) throw new Error(`two handlers answer ${subject}`);
      // A request goes to one replica of the service, a survey to all of them.
      for (const listened of answeredSubjects(contract)) {
        if (contract.kind === 'survey') this.#subscriptions.push(this.#subscribe(listened, {}, handler));
        else this.#group.add(() => this.#subscribe(listened, { queue: this.service }, handler));
      }
      const own = `${subject}.${this.replica.instance}`;
      if (isHedged(handler)) this.#subscriptions.push(this.#subscribe(own, {}, handler));
    }
    // Once the server has answered it knows the subscriptions: who asks from now on is answered.
    const joined = this.#group.join();
    this.#announcer.start();
    this.#membership.start();
    joined.then(() => callback(), callback);
  }

  #subscribe(subject: string, options: { queue?: string }, handler: MessageHandler): Subscription {
    const callback = (error: Error | null, message: Msg) => this.#receive(error, message, handler);
    return this.connection.subscribe(subject, { ...options, callback });
  }

  /** Questions that are not answered yet. */
  get answering(): number {
    return this.#inFlight.count;
  }

  /** Whoever asks this instance is told first; then what the server had sent to it is answered, and nothing more comes. */
  async close(): Promise<void> {
    this.#watch.close();
    this.#membership.close();
    this.#announcer.leave();
    if (this.connection.isClosed()) return;
    await within(FLUSH_MS, this.#unsubscribe());
    await this.#inFlight.ended();
    await within(FLUSH_MS, this.connection.flush());
  }

  async #unsubscribe(): Promise<void> {
    await Promise.all([this.#group.leave(), ...this.#subscriptions.map((subscription) => subscription.drain())]);
  }

  on(): void {
    // Nest asks every transport for event hooks; connection events are logged where the connection is made.
  }

  unwrap<T>(): T {
    return this.connection as T;
  }

  #receive(error: Error | null, message: Msg, handler: MessageHandler): void {
    if (error) return this.log.error('subscription failed', error);
    // What has no inbox of ours for an answer is nobody's question: an answer elsewhere would be said in our name.
    if (!isInboxFor(message.reply, this.service)) return;
    // What may be asked twice may also be answered in vain: only what changes something must not come too late.
    const receivedAt = isHedged(handler) ? performance.now() : this.#watch.receivedAt;
    void this.#inFlight.track(async () => {
      const until = receivedAt + Number(message.headers?.get(TIMEOUT_HEADER) || Infinity);
      const isLate = performance.now() > until;
      if (isLate) this.late.inc({ subject: subjectOf(handler) });
      const answer = () => inContext(message, () => this.#answer(message, handler));
      const reply = isLate ? toWireReply(tooLate()) : await withDeadline(until, answer);
      if (!this.connection.isClosed()) this.#respond(message, reply);
    });
  }

  /** A reply that is larger than the bus carries is refused by the client, and must not end the process. */
  #respond(message: Msg, reply: unknown): void {
    try {
      message.respond(encode(reply));
    } catch (error) {
      message.respond(encode(toWireReply(this.#toServiceError(error, message.subject))));
    }
  }

  async #answer(message: Msg, handler: MessageHandler): Promise<unknown> {
    try {
      const result: unknown = await handler(decode(message.data));
      const reply: unknown = isObservable(result) ? await lastValueFrom(result) : result;
      if (reply instanceof Thrown) throw reply.error;
      return reply;
    } catch (error) {
      return toWireReply(this.#toServiceError(error, message.subject));
    }
  }

  #toServiceError(error: unknown, subject: string): ServiceError {
    if (error instanceof ServiceError && error.code !== 'internal') return error;
    this.log.error('request failed', error, { subject });
    return new ServiceError('internal', 'Something went wrong on our side.');
  }
}

/** Runs work under the request that a message belongs to, and for the operator that sent it: `ops.<name>.<subject>`. */
function inContext<T>(message: Msg, work: () => T): T {
  const requestId = message.headers?.get(REQUEST_ID_HEADER);
  const name = /^ops\.([^.]+)\./.exec(message.subject)?.[1];
  const named = name === undefined ? work : () => withOperator({ name, address: addressOf(message) }, work);
  return requestId ? withRequestId(requestId, named) : named();
}

/** The bus proves an operator's name. Where the command ran it says itself. */
function addressOf(message: Msg): string | null {
  const address = message.headers?.get(OPERATOR_ADDRESS_HEADER) ?? '';
  return isIP(address) > 0 && address.length <= MAX_ADDRESS ? address : null;
}

function isHedged(handler: MessageHandler): boolean {
  const { contract } = handler.extras as HandlerExtras;
  return contract.kind === 'request' && contract.isHedged === true;
}

function subjectOf(handler: MessageHandler): string {
  return (handler.extras as HandlerExtras).contract.subject;
}

/** Work that a lost connection may hold up for ever, and that is not worth more time than this. */
async function within(ms: number, work: Promise<void>): Promise<void> {
  const timer = new AbortController();
  const late = delay(ms, undefined, { ref: false, signal: timer.signal });
  await Promise.race([work, late]).catch(() => undefined);
  timer.abort();
}

function tooLate(): ServiceError {
  return new ServiceError('service_unavailable', 'The service is overloaded; try again shortly.');
}
