import {
  EventSplitter,
  dataOf,
  modelEdit,
  readChatAnswer,
  splice,
  usageRemoval,
  type ChatAnswerParts,
} from '@orgn/api';
import { ServiceError } from '@orgn/contracts';
import type { Exchange } from './exchange.ts';

const MAX_EVENT_BYTES = 8 * 1024 * 1024;

/**
 * A streamed answer: events leave as they come, with the gateway's model id in them. The events that end it (the final
 * usage and `[DONE]`) are held back until the usage is stored.
 */
export class StreamAnswer {
  readonly #splitter = new EventSplitter(MAX_EVENT_BYTES);
  readonly #held: Buffer[] = [];
  #isDone = false;

  constructor(private readonly exchange: Exchange) {}

  begin(): void {
    this.exchange.sink.begin({
      ...this.exchange.headers('text/event-stream; charset=utf-8'),
      'cache-control': 'no-cache',
    });
  }

  onData(chunk: Buffer): void {
    try {
      for (const event of this.#splitter.push(chunk)) this.#take(event);
    } catch (error) {
      this.#break(
        error instanceof ServiceError
          ? error
          : new ServiceError('provider_unavailable', 'The model provider sent an unreadable stream.', { cause: error }),
      );
    }
  }

  onEnd(): void {
    if (this.#isDone) void this.exchange.complete(() => this.exchange.sink.end(Buffer.concat(this.#held)));
    else this.#break(new ServiceError('provider_unavailable', 'The model provider broke off the answer.'));
  }

  #break(error: ServiceError): void {
    this.exchange.fail(error.toWire(), error);
  }

  #take(event: Buffer): void {
    if (this.exchange.hasEnded || this.#isDone) return;
    const data = dataOf(event);
    if (data === 'several') throw unreadable();
    if (data === undefined) return this.#send(event);
    const json = event.subarray(data.start, data.end);
    if (json.toString('latin1') === '[DONE]') {
      this.#isDone = true;
      this.#held.push(event);
      return;
    }
    const parts = readChatAnswer(json);
    if (!parts) throw unreadable();
    if (parts.hasError) throw new ServiceError('provider_unavailable', 'The model provider failed while answering.');
    this.#pass(event, data.start, json, parts);
  }

  #pass(event: Buffer, start: number, json: Buffer, parts: ChatAnswerParts): void {
    const { exchange } = this;
    exchange.outputs += parts.outputs;
    exchange.usage = parts.usage ?? exchange.usage;
    if (exchange.order.isRaw) return this.#send(event, parts);
    const isUnwanted = parts.usage !== undefined && !exchange.plan.wantsUsage;
    if (isUnwanted && !parts.hasChoices) return;
    const edits = [...modelEdit(parts, exchange.plan.entry.id), ...(isUnwanted ? usageRemoval(parts) : [])];
    const edited = splice(json, edits);
    this.#send(Buffer.concat([event.subarray(0, start), edited, event.subarray(start + json.length)]), parts);
  }

  #send(event: Buffer, parts?: ChatAnswerParts): void {
    const isFinal = parts?.usage !== undefined && (!parts.hasChoices || parts.hasFinished);
    if (isFinal || this.#held.length > 0) this.#held.push(event);
    else this.exchange.forward(event);
  }
}

function unreadable(): ServiceError {
  return new ServiceError('provider_unavailable', 'The model provider sent a malformed event.');
}
