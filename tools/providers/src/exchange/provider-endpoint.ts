import { hash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ConfidentialHost } from '../attestation/confidential.ts';
import type { Behaviour, Control } from '../control/control-state.ts';
import type { Ledger } from '../control/ledger.ts';
import { readBody } from '../http/read-body.ts';
import { Refusal } from '../http/refusal.ts';
import { randomFrom } from '../text/random.ts';
import type { Wire } from '../wire/wire.ts';
import { now } from './call.ts';
import type { Answerer, Call } from './call.ts';
import { Exchange } from './exchange.ts';
import { mutate } from './mutation.ts';
import { quotationFrom, quoting } from './quote.ts';

/** What one simulated provider is made of. */
export interface ProviderParts {
  readonly wire: Wire;
  readonly control: Control;
  readonly ledger: Ledger;
  /** What each endpoint below `/v1/` answers with. */
  readonly answerers: ReadonlyMap<string, Answerer>;
  /** The machine it runs in, where that is a confidential one. */
  readonly confidential?: ConfidentialHost;
}

/** The endpoints of one simulated provider below its `/v1/`. */
export class ProviderEndpoint {
  private readonly wire: Wire;
  private readonly control: Control;
  private readonly ledger: Ledger;
  private readonly answerers: ReadonlyMap<string, Answerer>;
  private readonly confidential: ConfidentialHost | undefined;

  constructor({ wire, control, ledger, answerers, confidential }: ProviderParts) {
    this.wire = wire;
    this.control = control;
    this.ledger = ledger;
    this.answerers = answerers;
    this.confidential = confidential;
  }

  /** Answers one request; `path` is what follows `/v1/`. */
  async answer(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const answerer = request.method === 'POST' ? this.answerers.get(path) : undefined;
    if (answerer !== undefined)
      return this.post(new Exchange(request, response, this.ledger.open()), request, answerer);
    if (this.confidential?.endpoint.answer(request, response, path)) return;
    request.resume();
    this.list(request, response, path);
  }

  /** The models, or a refusal of everything else. */
  private list(request: IncomingMessage, response: ServerResponse, path: string): void {
    const refusal = refuseCredential(request) ?? new Refusal(404, `Not found: ${request.method} /v1/${path}`);
    const isList = refusal.status === 404 && request.method === 'GET' && path === 'models';
    const [status, body] = isList ? [200, this.wire.modelList(now())] : [refusal.status, this.wire.refusal(refusal)];
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  }

  private async post(exchange: Exchange, request: IncomingMessage, answerer: Answerer): Promise<void> {
    try {
      const refusal = refuseCredential(request);
      if (refusal !== undefined) {
        request.resume();
        throw refusal;
      }
      const body = await readBody(request);
      const requestSha256 = hash('sha256', body);
      exchange.entry.body(requestSha256);
      this.willSign(exchange, request, requestSha256);
      const contentType = request.headers['content-type'] ?? '';
      const { quotes, ...state } = this.control.take();
      const behaviour = quotes ? { ...state, quotation: quotationFrom({ body, contentType }) } : state;
      await this.behave({ wire: this.wire, exchange, body, contentType, behaviour }, answerer);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      await this.refuse(exchange, error);
    }
  }

  /** An answer that runs to its end can be signed afterwards, by who served it. */
  private willSign(exchange: Exchange, request: IncomingMessage, bodySha256: string): void {
    if (!this.confidential) return;
    const { machine, signatures } = this.confidential;
    const enclave = machine.instanceOn(request.socket);
    const requestSha256 = signatures.requestHash(request.headers, bodySha256);
    exchange.completed = (responseSha256) => {
      const { id: chatId, model } = exchange.entry.answer ?? {};
      if (chatId !== undefined && model !== undefined)
        signatures.keep({ chatId, model, requestSha256, responseSha256, enclave });
    };
  }

  private async behave(call: Call, answerer: Answerer): Promise<void> {
    const { exchange, behaviour } = call;
    exchange.pieceBytes = behaviour.chunkBytes;
    if (behaviour.mutate !== undefined) {
      const random = randomFrom('mutate', behaviour.mutate);
      exchange.mutation = (bytes) => mutate(bytes, random);
    }
    await exchange.sleep(behaviour.delayMs);
    if (behaviour.hang === 'headers') return exchange.hang();
    if (behaviour.status !== undefined) return this.refuse(exchange, asked(behaviour.status, behaviour), behaviour);
    if (exchange.isOpen) await answerer(call);
  }

  private async refuse(exchange: Exchange, refusal: Refusal, behaviour: Behaviour = {}): Promise<void> {
    const { retryAfterSeconds } = refusal.detail;
    const retry = retryAfterSeconds === undefined ? {} : retryHeader(retryAfterSeconds, behaviour);
    const text = behaviour.odd?.includes('fastapi') ? complaints(behaviour) : this.wire.refusal(refusal);
    exchange.head(refusal.status, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
      ...retry,
    });
    await exchange.end(text);
  }
}

/** How FastAPI refuses a body: by its fields. */
function complaints({ quotation }: Behaviour): string {
  const msg = quoting('Field required', quotation);
  return JSON.stringify({ detail: [{ type: 'missing', loc: ['body', 'messages', 0, 'content'], msg, input: {} }] });
}

function retryHeader(seconds: number, { retryAfterAs }: Behaviour): Record<string, string> {
  if (retryAfterAs === 'ms') return { 'retry-after-ms': String(seconds * 1000) };
  if (retryAfterAs === 'date') return { 'retry-after': new Date(Date.now() + seconds * 1000).toUTCString() };
  return { 'retry-after': String(seconds) };
}

function refuseCredential(request: IncomingMessage): Refusal | undefined {
  const isGiven = /^Bearer \S/i.test(request.headers.authorization ?? '');
  return isGiven ? undefined : new Refusal(401, 'Invalid or missing Authorization header');
}

function asked(status: number, { retryAfter, errorType, quotation }: Behaviour): Refusal {
  return new Refusal(status, quoting(`The simulator was asked to answer ${status}.`, quotation), {
    ...(retryAfter !== undefined && { retryAfterSeconds: retryAfter }),
    ...(errorType !== undefined && { type: errorType }),
  });
}
