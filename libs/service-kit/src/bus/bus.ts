import { headers, type Msg, type MsgHdrs, type NatsConnection } from '@nats-io/transport-node';
import {
  announcements,
  operatorsSubject,
  parseSafely,
  ServiceError,
  type BroadcastContract,
  type PayloadOf,
  type ReplyOf,
  type RequestContract,
  type RequestOf,
  type Service,
  type SurveyContract,
} from '@orgn/contracts';
import type { z } from 'zod';
import { currentRequestId, remainingMs } from '../logging/request-context.ts';
import { askHedged, LATE_MS } from './hedged-question.ts';
import { Inboxes, NobodyAnswered, NobodyListens, type Question } from './inboxes.ts';
import { Instances } from './instances.ts';
import { NaturalBatcher, type Outcome } from './natural-batcher.ts';
import {
  OPERATOR_ADDRESS_HEADER,
  REQUEST_ID_HEADER,
  TIMEOUT_HEADER,
  decode,
  decodeOrUndefined,
  encode,
  fromWireReply,
} from './wire.ts';

/** How long, and how often, an instance that may be gone is asked. */
const GONE_MS = 150;
const GONE_TURNS = 4;

/** Who speaks on a connection: a service, or an operator by name. */
export type BusUser = Service | `op-${string}`;

/** Questions and pushes over core NATS, by contract. The server holds everybody to what contracts name them for. */
export class Bus {
  readonly #batchers = new Map<string, NaturalBatcher<unknown, unknown>>();
  readonly #instances = new Map<Service, Instances>();
  readonly #inboxes: Inboxes;
  readonly #operator: string | undefined;

  constructor(
    readonly connection: NatsConnection,
    user: BusUser,
  ) {
    this.#inboxes = new Inboxes(connection, user);
    this.#operator = user.startsWith('op-') ? user.slice(3) : undefined;
  }

  /**
   * Asks one instance of the service that answers the contract. Contracts with `maxBatch` travel in natural batches.
   * @throws ServiceError with a code of the contract; `service_unavailable` when nobody answers in time
   */
  async ask<C extends RequestContract>(contract: C, request: z.input<C['request']>): Promise<ReplyOf<C>> {
    if (contract.maxBatch) return (await this.#batcherOf(contract).add(request)) as ReplyOf<C>;
    const reply = await this.#send(contract, request);
    return unwrap(fromWireReply(reply, contract.reply as C['reply'], contract.errors));
  }

  /**
   * Asks a certain instance a hedged contract. Where it has no such subject, or this user may not ask there, as in a former
   * release, any instance answers.
   * @throws ServiceError as `ask`
   */
  async askInstance<C extends RequestContract>(
    contract: C,
    instance: string,
    request: z.input<C['request']>,
  ): Promise<ReplyOf<C>> {
    const { subject, timeoutMs } = contract;
    const question = { responder: contract.answeredBy[0], body: encode(request), headers: this.#headersFor(timeoutMs) };
    const ask = (asked: string, ms: number) => this.#inboxes.ask({ ...question, subject: asked }, ms);
    try {
      const message = await ask(`${subject}.${instance}`, timeoutMs / 3).catch(() => ask(subject, (timeoutMs * 2) / 3));
      return unwrap(fromWireReply(decode(message.data), contract.reply as C['reply'], contract.errors));
    } catch (error) {
      throw unavailable(error);
    }
  }

  /**
   * Asks a certain instance, and no other, several questions of a hedged contract in one message.
   * @returns one outcome a question, in order
   * @throws ServiceError `service_unavailable`; its cause is NobodyListens when the instance is not there
   */
  async askAllOf<C extends RequestContract>(
    contract: C,
    instance: string,
    requests: readonly RequestOf<C>[],
  ): Promise<Outcome<ReplyOf<C>>[]> {
    const reply = await this.#askAt(contract, instance, requests);
    if (!Array.isArray(reply)) unwrap(fromWireReply(reply, contract.reply, contract.errors));
    return (reply as unknown[]).map((item) => fromWireReply(item, contract.reply as C['reply'], contract.errors));
  }

  /** Asks a certain instance, and no other, a hedged contract. @throws ServiceError as `ask` */
  async askOnly<C extends RequestContract>(contract: C, instance: string, request: RequestOf<C>): Promise<ReplyOf<C>> {
    const reply = await this.#askAt(contract, instance, request);
    return unwrap(fromWireReply(reply, contract.reply as C['reply'], contract.errors));
  }

  /**
   * Has an instance gone? Only when the server says that nobody listens on its own subject any more: one that is silent may
   * be slow, or behind a network that is.
   * @param contract a hedged one that it answers
   */
  async isGone(contract: RequestContract, instance: string): Promise<boolean> {
    const question = { responder: contract.answeredBy[0], body: encode({}), headers: this.#headersFor(GONE_MS) };
    const ask = () => this.#inboxes.ask({ ...question, subject: `${contract.subject}.${instance}` }, GONE_MS);
    for (let turn = 0; turn < GONE_TURNS; turn += 1) {
      const answer = await ask().catch((error: unknown) => error as Error);
      if (answer instanceof NobodyListens) return true;
      // The server may not have noticed yet; the client of a connection that is lost throws something else.
      if (!(answer instanceof NobodyAnswered)) return false;
    }
    return false;
  }

  /**
   * Asks every running instance and answers what came back within the contract's window. Faulty replies are left out.
   * @param hear is told each answer as it comes, in the order of what its instance says elsewhere
   */
  async survey<C extends SurveyContract>(
    contract: C,
    request: z.input<C['request']>,
    hear: (reply: ReplyOf<C>) => void = () => undefined,
  ): Promise<ReplyOf<C>[]> {
    const { subject, windowMs } = contract;
    const question = { subject, responder: contract.answeredBy[0], body: encode(request) };
    const replies: ReplyOf<C>[] = [];
    const take = (message: Msg) => {
      const outcome = fromWireReply(decodeOrUndefined(message.data), contract.reply as C['reply'], []);
      if (!('ok' in outcome)) return;
      replies.push(outcome.ok);
      queueMicrotask(() => hear(outcome.ok));
    };
    await this.#inboxes.collect(question, windowMs, take).catch((error: unknown) => {
      throw unavailable(error);
    });
    return replies;
  }

  /** Pushes a hint to everyone who listens now. */
  broadcast<C extends BroadcastContract>(contract: C, payload: z.input<C['payload']>): void {
    if (!this.connection.isClosed()) this.connection.publish(contract.subject, encode(payload));
  }

  /** Calls `hear` for every push until the returned function is called. Malformed pushes are ignored. */
  listen<C extends BroadcastContract>(contract: C, hear: (payload: PayloadOf<C>) => void): () => void {
    const subscription = this.connection.subscribe(contract.subject, {
      callback: (error, message) => {
        // The client stops reading for good when a callback throws, and does not reconnect: nothing may throw in here.
        const parsed = error ? undefined : parseSafely(contract.payload, decodeOrUndefined(message.data));
        if (parsed?.success) queueMicrotask(() => hear(parsed.data as PayloadOf<C>));
      },
    });
    return () => subscription.unsubscribe();
  }

  #batcherOf(contract: RequestContract): NaturalBatcher<unknown, unknown> {
    const known = this.#batchers.get(contract.subject);
    if (known) return known;
    const batcher = new NaturalBatcher<unknown, unknown>({
      send: (items) => this.#sendBatch(contract, items),
      maxBatch: contract.maxBatch ?? 1,
      maxWaitMs: contract.timeoutMs,
      ...(contract.isHedged && { lateMs: LATE_MS }),
    });
    this.#batchers.set(contract.subject, batcher);
    return batcher;
  }

  async #askAt({ subject, timeoutMs, answeredBy }: RequestContract, instance: string, body: unknown): Promise<unknown> {
    const question = { responder: answeredBy[0], body: encode(body), headers: this.#headersFor(timeoutMs) };
    const asked = this.#inboxes.ask({ ...question, subject: `${subject}.${instance}` }, timeoutMs);
    const message = await asked.catch((error: unknown) => {
      throw unavailable(error);
    });
    return decode(message.data);
  }

  async #sendBatch(contract: RequestContract, items: unknown[]): Promise<Outcome<unknown>[]> {
    const reply = await this.#send(contract, items);
    if (!Array.isArray(reply)) unwrap(fromWireReply(reply, contract.reply, contract.errors));
    return (reply as unknown[]).map((item) => fromWireReply(item, contract.reply, contract.errors));
  }

  async #send(contract: RequestContract, body: unknown): Promise<unknown> {
    const timeoutMs = Math.min(contract.timeoutMs, remainingMs());
    if (timeoutMs <= 0) throw unavailable(new Error('nobody waits for this any more'));
    try {
      const subject = this.#operator ? operatorsSubject(this.#operator, contract.subject) : contract.subject;
      const question = {
        subject,
        responder: contract.answeredBy[0],
        body: encode(body),
        headers: this.#headersFor(timeoutMs),
      };
      const message = await this.#inquire(contract, question, timeoutMs);
      return decode(message.data);
    } catch (error) {
      throw unavailable(error);
    }
  }

  #inquire(contract: RequestContract, question: Question, timeoutMs: number): Promise<Msg> {
    const instances = contract.isHedged && this.#operator === undefined ? this.#instancesOf(contract) : undefined;
    if (!instances) return this.#inboxes.ask(question, timeoutMs);
    return askHedged(this.#inboxes, instances, question, timeoutMs);
  }

  #instancesOf({ answeredBy: [service] }: RequestContract): Instances | undefined {
    const announcement = announcements[service];
    if (!announcement) return undefined;
    const known = this.#instances.get(service);
    if (known) return known;
    const instances = new Instances();
    this.#instances.set(service, instances);
    this.listen(announcement, (said) => instances.hear(said));
    return instances;
  }

  #headersFor(timeoutMs: number): MsgHdrs {
    const result = headers();
    result.set(TIMEOUT_HEADER, String(Math.ceil(timeoutMs)));
    const requestId = currentRequestId();
    if (requestId) result.set(REQUEST_ID_HEADER, requestId);
    const address = this.#operator === undefined ? undefined : this.connection.info?.client_ip;
    if (address) result.set(OPERATOR_ADDRESS_HEADER, address);
    return result;
  }
}

function unwrap<R>(outcome: Outcome<R>): R {
  if ('ok' in outcome) return outcome.ok;
  throw outcome.error;
}

/** No responder, a time-out and a lost connection all mean the same to the asker: not now. */
function unavailable(cause: unknown): ServiceError {
  if (cause instanceof ServiceError) return cause;
  return new ServiceError('service_unavailable', 'A part of the service is not reachable; try again shortly.', {
    cause,
  });
}
