import { hash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseChatRequest } from '../chat/chat-request.ts';
import { complete } from '../chat/completion.ts';
import type { Behaviour, Control } from '../control/control-state.ts';
import type { Ledger } from '../control/ledger.ts';
import { countInputTokens, embed, parseEmbeddingRequest } from '../embeddings/embedding.ts';
import { parseObject, readBody } from '../http/read-body.ts';
import { Refusal } from '../http/refusal.ts';
import { wires } from '../providers.ts';
import type { ProviderName } from '../providers.ts';
import type { Answer } from '../wire/answer.ts';
import type { RoutedRequest, Wire } from '../wire/wire.ts';
import { deliverPlain, deliverStream } from './deliver.ts';
import { Exchange } from './exchange.ts';

type Send = (exchange: Exchange, body: Buffer, behaviour: Behaviour) => Promise<void>;

/** The endpoints of one simulated provider below its `/v1/`. */
export class ProviderEndpoint {
  private readonly wire: Wire;
  private readonly control: Control;
  private readonly ledger: Ledger;
  private readonly posts: ReadonlyMap<string, Send>;

  constructor(name: ProviderName, control: Control, ledger: Ledger) {
    this.wire = wires[name];
    this.control = control;
    this.ledger = ledger;
    this.posts = new Map([
      ['chat/completions', (exchange, body, behaviour) => this.chat(exchange, body, behaviour)],
      ['embeddings', (exchange, body, behaviour) => this.embeddings(exchange, body, behaviour)],
    ]);
  }

  /** Answers one request; `path` is what follows `/v1/`. */
  async answer(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const send = request.method === 'POST' ? this.posts.get(path) : undefined;
    if (send !== undefined) return this.post(new Exchange(request, response, this.ledger.open()), request, send);
    request.resume();
    const refusal = refuseCredential(request) ?? new Refusal(404, `Not found: ${request.method} /v1/${path}`);
    if (refusal.status === 404 && request.method === 'GET' && path === 'models') {
      response.writeHead(200, { 'content-type': 'application/json' }).end(this.wire.modelList(now()));
      return;
    }
    response.writeHead(refusal.status, { 'content-type': 'application/json' }).end(this.wire.refusal(refusal));
  }

  private async post(exchange: Exchange, request: IncomingMessage, send: Send): Promise<void> {
    try {
      const refusal = refuseCredential(request);
      if (refusal !== undefined) {
        request.resume();
        throw refusal;
      }
      const body = await readBody(request);
      exchange.entry.body(hash('sha256', body));
      await this.behave(exchange, body, send);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      await this.refuse(exchange, error);
    }
  }

  private async behave(exchange: Exchange, body: Buffer, send: Send): Promise<void> {
    const behaviour = this.control.take();
    exchange.pieceBytes = behaviour.chunkBytes;
    await exchange.sleep(behaviour.delayMs);
    if (behaviour.hang === 'headers') return exchange.hang();
    if (behaviour.status !== undefined) throw asked(behaviour.status, behaviour.retryAfter);
    if (exchange.isOpen) await send(exchange, body, behaviour);
  }

  private async chat(exchange: Exchange, body: Buffer, behaviour: Behaviour): Promise<void> {
    const request = parseChatRequest(parseObject(body));
    this.checkRoute(request);
    const completion = complete(request, body.length, behaviour.usage === 'max');
    const identity = { id: this.wire.newId('chat'), createdAt: now(), showsUsage: behaviour.usage !== 'none' };
    const answer: Answer = { ...completion, ...identity };
    exchange.entry.begin(answer.id, request.model, answer.promptTokens);
    if (request.stream) return deliverStream(exchange, answer, this.wire, behaviour);
    const { completionTokens } = answer;
    const plain = { text: this.wire.plain(answer), headers: this.wire.headers(), completionTokens };
    return deliverPlain(exchange, plain, behaviour);
  }

  private async embeddings(exchange: Exchange, body: Buffer, behaviour: Behaviour): Promise<void> {
    const request = parseEmbeddingRequest(parseObject(body));
    this.checkRoute(request);
    const promptTokens = countInputTokens(request, body.length);
    const id = this.wire.newId('embedding');
    exchange.entry.begin(id, request.model, promptTokens);
    const text = this.wire.embeddings({
      id,
      createdAt: now(),
      model: request.model,
      vectors: embed(request),
      promptTokens,
      showsUsage: behaviour.usage !== 'none',
    });
    return deliverPlain(exchange, { text, headers: this.wire.headers(), completionTokens: 0 }, behaviour);
  }

  private checkRoute(request: RoutedRequest): void {
    const refusal = this.wire.refuses?.(request);
    if (refusal !== undefined) throw refusal;
  }

  private async refuse(exchange: Exchange, refusal: Refusal): Promise<void> {
    const { retryAfterSeconds } = refusal.detail;
    const retry = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
    const text = this.wire.refusal(refusal);
    exchange.head(refusal.status, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
      ...retry,
    });
    await exchange.end(text);
  }
}

function refuseCredential(request: IncomingMessage): Refusal | undefined {
  const isGiven = /^Bearer \S/i.test(request.headers.authorization ?? '');
  return isGiven ? undefined : new Refusal(401, 'Invalid or missing Authorization header');
}

function asked(status: number, retryAfterSeconds: number | undefined): Refusal {
  const message = `The simulator was asked to answer ${status}.`;
  return new Refusal(status, message, retryAfterSeconds === undefined ? {} : { retryAfterSeconds });
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}
