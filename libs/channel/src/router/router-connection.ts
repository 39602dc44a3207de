import type { Socket } from 'node:net';
import { FleetingMap } from '@orgn/collections';
import { ChannelError } from '../frames/channel-error.ts';
import type { FrameName } from '../frames/frame-types.ts';
import { versions, type Greeting } from '../frames/greeting.ts';
import { readRequestHead } from '../frames/heads.ts';
import { readCredit } from '../link/credit.ts';
import { Link, type Agreement, type LinkTimes, type LinkUser } from '../link/link.ts';
import { TakenRequest } from './taken-request.ts';

/** Bytes of a body that come with its head: all of it, nearly always. */
export const BODY_CREDIT_BYTES = 64 * 1024;
/** Requests of one connection at once; a gateway that has more opens another one. */
export const MAX_REQUESTS = 2_048;
/** How long a connection may take to greet, in milliseconds. */
const GREETING_MS = 5_000;

export interface RouterConnectionSettings extends LinkTimes {
  /** Which process this is. */
  name: string;
  /** Hears of each request once its head has come. */
  take: (request: TakenRequest) => void;
  greeting?: Partial<Greeting>;
}

/** The router's end of one connection. */
export class RouterConnection implements LinkUser {
  readonly #link: Link;
  readonly #requests = new FleetingMap<number, TakenRequest>();
  readonly #greeting: Greeting;
  readonly #patience: NodeJS.Timeout;
  #gateway: Greeting | undefined;
  #lastNumber = 0;
  #isDraining = false;

  constructor(
    socket: Socket,
    private readonly settings: RouterConnectionSettings,
    private readonly whenClosed: (error: ChannelError) => void,
  ) {
    const { name, beatMs, gatherMs, greeting } = settings;
    this.#greeting = { ...versions, credit: BODY_CREDIT_BYTES, requests: MAX_REQUESTS, name, ...greeting };
    const times = { beatMs, gatherMs };
    this.#link = new Link(socket, { side: 'router', greeting: this.#greeting, times }, this);
    const late = new ChannelError('silent', 'No greeting came.');
    this.#patience = setTimeout(() => this.close(late), GREETING_MS).unref();
  }

  get openRequests(): number {
    return this.#requests.size;
  }

  /** Which process is at the other end, as it says. */
  get peer(): string | undefined {
    return this.#gateway?.name;
  }

  /** Takes no new request; closes once those under way have ended. */
  drain(): void {
    if (this.#isDraining) return;
    this.#isDraining = true;
    this.#link.send('drain', 0);
    this.#closeWhenDrained();
  }

  close(error = new ChannelError('done', 'The router is done.')): void {
    this.#link.close(error);
  }

  greeted({ other }: Agreement): void {
    clearTimeout(this.#patience);
    this.#gateway = other;
  }

  taken(name: FrameName, number: number, payload: Buffer): void {
    if (name === 'request') return this.#begin(number, payload);
    const request = this.#requests.get(number);
    if (request) return this.#hear(request, name, payload);
    // What was on its way when the request ended comes too late, and means nothing.
    if (number > this.#lastNumber) throw outOfOrder('A frame speaks of a request that was never made.');
  }

  closed(error: ChannelError): void {
    clearTimeout(this.#patience);
    this.whenClosed(error);
    for (const request of [...this.#requests.values()]) request.lose();
  }

  #begin(number: number, payload: Buffer): void {
    if (number <= this.#lastNumber) throw outOfOrder('The number of a request was used before.');
    if (this.#requests.size >= this.#greeting.requests) {
      throw new ChannelError('too_large', 'There are more requests than were agreed on.');
    }
    this.#lastNumber = number;
    const request = new TakenRequest({
      number,
      link: this.#link,
      head: readRequestHead(payload),
      answerCredit: this.#gateway?.credit ?? 0,
      bodyCredit: this.#greeting.credit,
      ended: () => this.#ended(number),
    });
    this.#requests.set(number, request);
    if (this.#isDraining) request.refuse();
    else this.settings.take(request);
  }

  #hear(request: TakenRequest, name: FrameName, payload: Buffer): void {
    switch (name) {
      case 'body':
        return request.hearBody(payload);
      case 'credit':
        return request.hearCredit(readCredit(payload));
      default:
        return request.hearCancel();
    }
  }

  #ended(number: number): void {
    this.#requests.delete(number);
    this.#closeWhenDrained();
  }

  #closeWhenDrained(): void {
    if (this.#isDraining && this.#requests.size === 0) this.close();
  }
}

function outOfOrder(words: string): ChannelError {
  return new ChannelError('out_of_order', words);
}
