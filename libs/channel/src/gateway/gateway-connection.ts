import type { Socket } from 'node:net';
import { FleetingMap } from '@orgn/collections';
import { ChannelError } from '../frames/channel-error.ts';
import type { FrameName } from '../frames/frame-types.ts';
import { versions, type Greeting } from '../frames/greeting.ts';
import { writeRequestHead, type RequestHead } from '../frames/heads.ts';
import { readCredit } from '../link/credit.ts';
import { Link, type Agreement, type LinkTimes, type LinkUser } from '../link/link.ts';
import { AskedRequest, type AnswerReceiver } from './asked-request.ts';

/** Bytes of an answer that are on their way, or wait here for its caller, at most. */
export const ANSWER_CREDIT_BYTES = 64 * 1024;
const MAX_NUMBER = 0xffff_ffff;

/** What a router is sent: the caller's bytes, under the path they came to. */
export interface Asked extends Omit<RequestHead, 'bodyBytes'> {
  body: Buffer;
}

export interface GatewayConnectionSettings extends LinkTimes {
  /** Which process this is. */
  name: string;
  /** Which router is meant: where another one has its address by now, nothing is asked. */
  router?: string;
  /** For tests: what else is said. */
  greeting?: Partial<Greeting>;
}

export interface ConnectionEvents {
  ready(agreement: Agreement): void;
  /** No request may be added any more; those under way go on. */
  draining(): void;
  closed(error: ChannelError): void;
}

/** The gateway's end of one connection. */
export class GatewayConnection implements LinkUser {
  readonly #link: Link;
  readonly #requests = new FleetingMap<number, AskedRequest>();
  readonly #greeting: Greeting;
  readonly #meant: string | undefined;
  #router: Greeting | undefined;
  #lastNumber = 0;
  #isDraining = false;

  constructor(
    socket: Socket,
    settings: GatewayConnectionSettings,
    private readonly events: ConnectionEvents,
  ) {
    const { name, router, beatMs, gatherMs, greeting } = settings;
    this.#meant = router;
    this.#greeting = { ...versions, credit: ANSWER_CREDIT_BYTES, requests: 0, name, ...greeting };
    const times = { beatMs, gatherMs };
    this.#link = new Link(socket, { side: 'gateway', greeting: this.#greeting, times }, this);
  }

  /** Requests that the router has not ended. */
  get openRequests(): number {
    return this.#requests.size;
  }

  /** How much of what the router takes at once is in use, from 0 to 1; 1 while it must not be asked. */
  get load(): number {
    if (!this.#router || this.#isDraining || !this.#link.isFirm || this.#lastNumber >= MAX_NUMBER) return 1;
    return this.#router.requests === 0 ? 1 : this.#requests.size / this.#router.requests;
  }

  /**
   * Asks the router. Not to be called while `load` is 1.
   * @throws TypeError for a head that the channel cannot carry
   */
  post({ path, headers, body }: Asked, receiver: AnswerReceiver): AskedRequest {
    const head = writeRequestHead({ path, headers, bodyBytes: body.length });
    const number = (this.#lastNumber += 1);
    this.#link.send('request', number, head);
    const request = new AskedRequest({
      number,
      link: this.#link,
      receiver,
      body,
      bodyCredit: this.#router?.credit ?? 0,
      answerCredit: this.#greeting.credit,
      ended: () => this.#ended(number),
    });
    this.#requests.set(number, request);
    return request;
  }

  /** Ends once what is under way on it has; nothing may be added. */
  retire(): void {
    this.#isDraining = true;
    this.#closeWhenDrained();
  }

  /** Ends the connection, and what is under way on it. */
  close(error = new ChannelError('done', 'The gateway is done.')): void {
    this.#link.close(error);
  }

  greeted(agreement: Agreement): void {
    if (this.#meant !== undefined && agreement.other.name !== this.#meant)
      return this.close(new ChannelError('done', 'Another router is there.'));
    this.#router = agreement.other;
    this.events.ready(agreement);
  }

  taken(name: FrameName, number: number, payload: Buffer): void {
    if (name === 'drain') return this.#drain();
    const request = this.#requests.get(number);
    // Every request has exactly one last frame from the router, cancelled ones too: there is none that is late.
    if (!request) throw new ChannelError('out_of_order', 'A frame speaks of a request that is not there.');
    switch (name) {
      case 'answer':
        return request.hearAnswer(payload);
      case 'data':
        return request.hearData(payload);
      case 'end':
        return request.hearEnd(payload);
      case 'credit':
        return request.hearCredit(readCredit(payload));
      case 'cancel':
        return request.hearCancel();
      default:
        return request.hearRefusal();
    }
  }

  closed(error: ChannelError): void {
    // First of all, so that whoever hears of a lost request does not choose this connection again.
    this.events.closed(error);
    for (const request of [...this.#requests.values()]) request.lose(error);
  }

  #ended(number: number): void {
    this.#requests.delete(number);
    this.#closeWhenDrained();
  }

  #drain(): void {
    if (this.#isDraining) return;
    this.retire();
    this.events.draining();
  }

  #closeWhenDrained(): void {
    if (this.#isDraining && this.#requests.size === 0) this.close();
  }
}
