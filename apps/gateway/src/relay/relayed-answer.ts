import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { AnswerHeaders, AnswerReceiver, AskedRequest } from '@orgn/channel';
import { DISPATCH_ERROR_TYPE, DROPPED_HEADER, DroppedNames, WITHHELD_HEADER } from '@orgn/dialects';
import { ServiceError } from '@orgn/contracts';
import type { EdgeCall } from '../edge/edge-call.ts';
import { toErrorEvent } from '../errors/error-event.ts';
import { AnswerWriter } from './answer-writer.ts';
import { CallerPace } from './caller-pace.ts';
import { toRefusal, type RouterRefusal } from './router-refusal.ts';

/** Headers of a router's answer that callers may see. */
const passed = [
  'content-type',
  'content-length',
  'cache-control',
  'x-ollm-model',
  'x-ollm-execution',
  'x-ollm-provider',
  'x-ollm-attestation',
  'x-ollm-attestation-root',
  'x-ollm-receipt',
  'x-ollm-translated',
  'x-ollm-cost',
  'x-ollm-max-tokens',
] as const;

/** nginx, and what understands its word, passes a stream on as it comes, whatever it does with other answers. */
const unbuffered = { 'x-accel-buffering': 'no' };

/** How a relayed request ended. */
export type RelayOutcome =
  | { kind: 'completed' }
  /** Refused before a byte was passed on. */
  | ({ kind: 'refused' } & RouterRefusal)
  /** Whole, and not released, since its usage could not be stored. `error`: what the caller has yet to be told. */
  | { kind: 'withheld'; seal: string; error?: unknown }
  /** The router does not hold this request: another may be tried. */
  | { kind: 'not_accepted' }
  /** The router was lost on the way, or the caller left or was cut off; `events` stream events had been passed on. */
  | { kind: 'broken' | 'left'; events: number };

interface Refused {
  /** The router's proof that it withheld the answer. */
  seal: string | undefined;
  chunks: Buffer[];
}

/** Carries a router's answer to the caller, byte by byte and at the caller's pace. */
export class RelayedAnswer implements AnswerReceiver {
  readonly outcome: Promise<RelayOutcome>;
  readonly #response: ServerResponse;
  readonly #writer: AnswerWriter;
  readonly #pace: CallerPace;
  #settle: (outcome: RelayOutcome) => void = () => undefined;
  #call: AskedRequest | undefined;
  #refused: Refused | undefined;
  #hasBegun = false;
  #isStream = false;
  #hasLeft = false;
  #events = 0;

  /** @param limits.cut ends the answer when it is aborted, with its reason as the caller's error */
  constructor(
    private readonly edge: EdgeCall,
    limits: { cut: AbortSignal; stallMs: number },
  ) {
    const { cut, stallMs } = limits;
    this.#response = edge.reply.raw;
    this.#writer = new AnswerWriter(this.#response);
    this.#pace = new CallerPace(this.#response, stallMs);
    this.outcome = new Promise((resolve) => (this.#settle = resolve));
    if (this.#response.destroyed) this.#callerClosed();
    else this.#response.once('close', () => this.#callerClosed());
    cut.addEventListener('abort', () => this.#cutOff(cut.reason as ServiceError), { once: true });
  }

  /** @param call undefined when there was no connection to put it on */
  attach(call: AskedRequest | undefined): void {
    this.#call = call;
    if (this.#hasLeft) call?.abort();
    this.#response.on('drain', () => call?.resume());
  }

  onStart(status: number, headers: AnswerHeaders): void {
    if (this.#hasLeft) return;
    if (String(headers['content-type']).startsWith(DISPATCH_ERROR_TYPE)) {
      this.#refused = { seal: headers[WITHHELD_HEADER], chunks: [] };
      return;
    }
    this.#hasBegun = true;
    this.#isStream = String(headers['content-type']).startsWith('text/event-stream');
    const { reply, timing } = this.edge;
    timing.mark('route');
    const shown = Object.fromEntries(passed.flatMap((name) => (headers[name] ? [[name, headers[name]]] : [])));
    void reply.headers({ ...shown, ...(this.#isStream && unbuffered), 'server-timing': timing.toHeader() });
    this.#addDropped(headers[DROPPED_HEADER]);
    reply.hijack();
    this.#writer.begin(status, reply.getHeaders() as OutgoingHttpHeaders);
  }

  /** What the router left out comes behind what was left out here. */
  #addDropped(header: string | undefined): void {
    if (header === undefined) return;
    const { reply } = this.edge;
    const names = new DroppedNames();
    for (const each of [reply.getHeader(DROPPED_HEADER), header]) if (typeof each === 'string') names.addHeader(each);
    void reply.header(DROPPED_HEADER, names.toHeader());
  }

  onData(chunk: Buffer): void {
    if (this.#hasLeft) return;
    if (this.#refused) {
      this.#refused.chunks.push(Buffer.from(chunk));
      return;
    }
    this.#events += countEvents(chunk);
    if (this.#writer.write(chunk)) return;
    this.#call?.pause();
    this.#pace.waiting();
  }

  onEnd(trailers: AnswerHeaders): void {
    if (this.#hasLeft) return;
    if (this.#refused) return this.#settle(toOutcome(this.#refused));
    this.#response.end();
    this.#pace.waiting();
    const seal = trailers[WITHHELD_HEADER];
    this.#settle(seal === undefined ? { kind: 'completed' } : { kind: 'withheld', seal });
  }

  onError(_error: Error, wasSent: boolean): void {
    if (this.#hasLeft) return;
    if (!wasSent) return this.#settle({ kind: 'not_accepted' });
    this.#settle({ kind: 'broken', events: this.#events });
    if (this.#hasBegun) this.#breakOff(lost);
  }

  #callerClosed(): void {
    if (this.#response.writableFinished) return;
    this.#leave();
  }

  #cutOff(error: ServiceError): void {
    if (this.#hasLeft || this.#response.writableEnded) return;
    if (this.#hasBegun) this.#breakOff(error);
    this.#leave();
  }

  #leave(): void {
    this.#hasLeft = true;
    this.#call?.abort();
    this.#settle({ kind: 'left', events: this.#events });
  }

  /** The status is long gone: a stream ends with one error event and no `[DONE]`, anything else is cut. */
  #breakOff(error: ServiceError): void {
    if (!this.#isStream) return void this.#response.destroy();
    const { dialect, requestId } = this.edge;
    const event = toErrorEvent(dialect, error.toWire(), { requestId, sequence: this.#events });
    // The blank line ends an event that was passed on in part; between events it means nothing.
    this.#response.end(Buffer.concat([Buffer.from('\n\n'), event]));
    this.#pace.waiting();
  }
}

const lost = new ServiceError('service_unavailable', 'The answer broke off on our side; try again.');

function toOutcome({ seal, chunks }: Refused): RelayOutcome {
  const refusal = toRefusal(Buffer.concat(chunks));
  return seal !== undefined ? { kind: 'withheld', seal, error: refusal.error } : { kind: 'refused', ...refusal };
}

const DATA = Buffer.from('data: ');

/** Events in a chunk, by their data lines: close enough for a second witness. */
function countEvents(chunk: Buffer): number {
  let count = 0;
  for (let at = chunk.indexOf(DATA); at >= 0; at = chunk.indexOf(DATA, at + DATA.length)) count += 1;
  return count;
}
