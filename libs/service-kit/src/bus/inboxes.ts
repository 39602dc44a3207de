import { randomBytes } from 'node:crypto';
import { setImmediate as endOfTurn } from 'node:timers/promises';
import { FleetingMap } from '@orgn/collections';
import type { Msg, MsgHdrs, NatsConnection } from '@nats-io/transport-node';

/** How a question is sent. */
export interface Question {
  subject: string;
  /** The service that is asked: it alone may write to the inbox. */
  responder: string;
  body: Uint8Array;
  headers?: MsgHdrs;
}

/** Nobody listens on the subject. */
export class NobodyListens extends Error {}
/** Nobody answered in time. */
export class NobodyAnswered extends Error {}

type Hear = (message: Msg) => void;

/**
 * The inboxes of one asker: `_INBOX.<asker>.<responder>.<nonce>.<n>`, with one subscription a responder. The server lets
 * a responder write only to inboxes that carry its name, so nobody answers for another, and nobody else reads them.
 */
export class Inboxes {
  readonly #muxes = new Map<string, Mux>();

  constructor(
    private readonly connection: NatsConnection,
    private readonly asker: string,
  ) {}

  /**
   * Asks and waits for the first answer.
   * @throws NobodyListens at once, NobodyAnswered after `timeoutMs`
   */
  ask(question: Question, timeoutMs: number): Promise<Msg> {
    return new Promise<Msg>((resolve, reject) => {
      const end = this.#send(question, (message) => {
        clearTimeout(timer);
        end();
        if (isSilence(message)) reject(new NobodyListens(question.subject));
        else resolve(message);
      });
      const timer = setTimeout(() => {
        void arrived().then(() => {
          end();
          reject(new NobodyAnswered(question.subject));
        });
      }, timeoutMs);
    });
  }

  /** Asks, and passes on what is answered within `windowMs` as it comes. */
  async collect(question: Question, windowMs: number, hear: Hear): Promise<void> {
    const { promise: over, resolve } = Promise.withResolvers<undefined>();
    const end = this.#send(question, (message) => {
      if (isSilence(message)) resolve(undefined);
      else hear(message);
    });
    const timer = setTimeout(() => void arrived().then(() => resolve(undefined)), windowMs);
    await over;
    clearTimeout(timer);
    end();
  }

  /** @returns a function that forgets the inbox @throws when the connection is closed or the body too large */
  #send({ subject, responder, body, headers }: Question, hear: Hear): () => void {
    const { reply, forget } = this.#muxOf(responder).open(hear);
    try {
      this.connection.publish(subject, body, headers ? { reply, headers } : { reply });
    } catch (error) {
      forget();
      throw error;
    }
    return forget;
  }

  #muxOf(responder: string): Mux {
    const known = this.#muxes.get(responder);
    if (known) return known;
    const mux = new Mux(this.connection, `_INBOX.${this.asker}.${responder}.${randomBytes(16).toString('base64url')}.`);
    this.#muxes.set(responder, mux);
    return mux;
  }
}

/** One subscription for all open questions to one responder. */
class Mux {
  readonly #open = new FleetingMap<string, Hear>();
  #count = 0;

  constructor(
    connection: NatsConnection,
    private readonly prefix: string,
  ) {
    connection.subscribe(`${prefix}*`, {
      callback: (error, message) => {
        if (!error) this.#open.get(message.subject)?.(message);
      },
    });
  }

  open(hear: Hear): { reply: string; forget: () => void } {
    const reply = this.prefix + String((this.#count += 1));
    this.#open.set(reply, hear);
    return { reply, forget: () => void this.#open.delete(reply) };
  }
}

/** May `responder` answer there? An asker that names another subject would have it write in its stead. */
export function isInboxFor(reply: string | undefined, responder: string): reply is string {
  const [root, asker, named] = reply?.split('.', 4) ?? [];
  return root === '_INBOX' && Boolean(asker) && named === responder;
}

/**
 * What has arrived on sockets by now has been read. When a process stood still, what was due meanwhile is done before sockets
 * are looked at, and an answer that came in time would count as none.
 */
async function arrived(): Promise<void> {
  for (let turn = 0; turn < 2; turn += 1) await endOfTurn();
}

/** What the server says when nobody listens: an empty message with status 503. */
function isSilence(message: Msg): boolean {
  return message.data.length === 0 && message.headers?.code === 503;
}
