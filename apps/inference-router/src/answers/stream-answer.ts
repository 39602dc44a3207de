import {
  dataOf,
  EventSplitter,
  modelEdit,
  splice,
  usageRemoval,
  type AnswerParts,
  type Edit,
  type EventData,
} from '@orgn/dialects';
import { ServiceError } from '@orgn/contracts';
import type { TranslatedStream } from '../endpoints/endpoint.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { toAnswerFault } from './answer-fault.ts';
import { costEdit } from './cost-edit.ts';

const MAX_EVENT_BYTES = 8 * 1024 * 1024;

/**
 * A streamed answer: events leave as they come, with the gateway's model id in them, or translated. Those that end it
 * (the final usage and what follows it) are held back until the usage is stored.
 */
export class StreamAnswer {
  readonly #splitter = new EventSplitter(MAX_EVENT_BYTES);
  readonly #held: Buffer[] = [];
  readonly #translated: TranslatedStream | undefined;
  #isDone = false;

  constructor(private readonly exchange: Exchange) {
    this.#translated = exchange.request.answer.translation?.startStream(exchange.identity);
  }

  begin(): void {
    const { exchange } = this;
    exchange.sink.beginStream(
      { ...exchange.headers('text/event-stream; charset=utf-8'), 'cache-control': 'no-cache' },
      {
        heartbeatMs: exchange.order.isRaw ? undefined : exchange.limits.heartbeatMs,
        toErrorEvent: this.#translated && ((error) => this.#translated?.fail(error) ?? Buffer.alloc(0)),
      },
    );
  }

  onData(chunk: Buffer): void {
    try {
      for (const event of this.#splitter.push(chunk)) this.#take(event);
    } catch (error) {
      this.#break(toAnswerFault(error));
    }
  }

  onEnd(): void {
    try {
      if (!this.#isDone) throw new ServiceError('provider_unavailable', 'The model provider broke off the answer.');
      if (this.#translated) this.#held.push(this.#translated.finish());
    } catch (error) {
      return this.#break(toAnswerFault(error));
    }
    void this.exchange.complete(() => this.exchange.sink.end(Buffer.concat(this.#held)));
  }

  #break(error: ServiceError): void {
    this.exchange.fail(error.toWire(), error);
  }

  #take(event: Buffer): void {
    if (this.exchange.hasEnded || this.#isDone) return;
    const data = dataOf(event);
    if (data === 'several') throw unreadable();
    if (data === undefined) return this.#send(event, false);
    const json = event.subarray(data.start, data.end);
    if (json.toString('latin1') === '[DONE]') {
      this.#isDone = true;
      this.#send(event, true);
      return;
    }
    const parts = this.exchange.request.answer.read(json);
    if (!parts) throw unreadable();
    if (parts.hasError) throw new ServiceError('provider_unavailable', 'The model provider failed while answering.');
    this.exchange.hear(parts.usage, parts.outputs);
    this.exchange.hearRouting(json);
    this.#pass(event, data, parts);
  }

  #pass(event: Buffer, data: EventData, parts: AnswerParts): void {
    const isFinal = parts.usage !== undefined && (!parts.hasChoices || parts.hasFinished);
    const json = event.subarray(data.start, data.end);
    if (this.#translated) return this.#emit(this.#translated.push(json), isFinal);
    if (this.exchange.order.isRaw) return this.#emit(event, isFinal);
    const isUnwanted = parts.usage !== undefined && !this.exchange.request.wantsUsage;
    if (isUnwanted && !parts.hasChoices) return;
    const edited = splice(json, this.#editsOf(json, parts, isUnwanted));
    this.#emit(Buffer.concat([event.subarray(0, data.start), edited, event.subarray(data.end)]), isFinal);
  }

  #editsOf(json: Buffer, parts: AnswerParts, isUnwanted: boolean): Edit[] {
    const usage = isUnwanted ? usageRemoval(parts) : parts.usage ? costEdit(json, parts, this.exchange) : [];
    return [...modelEdit(parts, this.exchange.target.model.id), ...usage];
  }

  /** Passes an event of the provider's own on, which a translated stream has none of. */
  #send(event: Buffer, isFinal: boolean): void {
    if (!this.#translated) this.#emit(event, isFinal);
  }

  #emit(bytes: Buffer, isFinal: boolean): void {
    if (isFinal || this.#held.length > 0) this.#held.push(bytes);
    else this.exchange.forward(bytes);
  }
}

function unreadable(): ServiceError {
  return new ServiceError('provider_unavailable', 'The model provider sent a malformed event.');
}
