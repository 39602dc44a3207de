import type { WireError } from '@orgn/contracts';
import type { ProviderUsage } from '../answer/provider-usage.ts';
import { readChatDelta } from '../chat/chat-delta.ts';
import { eventBytes } from '../sse/event-bytes.ts';
import { OfferedTools } from './offered-tools.ts';
import { SEALED_REASONING } from './sealed-reasoning.ts';
import { toResponseObject, type ResponseContext, type ResponseState } from './response-object.ts';
import { ResponseOutput } from './response-output.ts';

export type { ResponseContext } from './response-object.ts';

/**
 * Turns a streamed chat answer into the events of the responses endpoint, with OpenAI's names, order and numbers. Give
 * it the data of each chat event but `[DONE]`; what it returns is ready to send, and may be empty.
 */
export class ResponseStream {
  readonly #output: ResponseOutput;
  #events: Buffer[] = [];
  #sequence = 0;
  #finishReason: string | undefined;
  #usage: ProviderUsage | undefined;

  constructor(private readonly context: ResponseContext) {
    const options = {
      key: context.responseId.replace(/^resp_/, ''),
      offered: new OfferedTools(context.request.tools),
      seal: context.request.include?.includes(SEALED_REASONING) ? context.seal : undefined,
    };
    this.#output = new ResponseOutput(options, (type, fields) => {
      this.#emit(type, fields);
    });
  }

  /**
   * @param json the data of one chat event
   * @throws ServiceError `provider_unavailable` when it is unreadable; end with `fail` then
   */
  push(json: Buffer): Buffer {
    const delta = readChatDelta(json);
    this.#begin();
    this.#finishReason = delta.finishReason ?? this.#finishReason;
    this.#usage = delta.usage ?? this.#usage;
    this.#output.add(delta);
    return this.#take();
  }

  /** The events that end a whole answer. They say that it is complete: send them once its usage is stored. */
  finish(): Buffer {
    this.#begin();
    const response = this.#end();
    this.#emit(`response.${response.status}`, { response });
    return this.#take();
  }

  /**
   * The events that end a stream which failed: the response as far as it came, then the error. Readers that gather a
   * response want it created before it fails.
   */
  fail(error: WireError): Buffer {
    this.#begin();
    const code = error.code === 'rate_limit_exceeded' ? error.code : 'server_error';
    this.#emit('response.failed', {
      response: this.#object({ status: 'failed', error: { code, message: error.message } }),
    });
    this.#emit('error', errorFields(error));
    return this.#take();
  }

  /** Closes what is open and gives the whole response. */
  complete() {
    return this.#end();
  }

  #begin(): void {
    if (this.#sequence > 0) return;
    const response = this.#object({ status: 'in_progress' });
    this.#emit('response.created', { response });
    this.#emit('response.in_progress', { response });
  }

  #end() {
    const reason = incompleteReasons.get(this.#finishReason ?? '');
    const status = reason ? 'incomplete' : 'completed';
    this.#output.close(status);
    return this.#object({ status, reason, usage: this.#usage });
  }

  #object(state: Omit<ResponseState, 'output'>) {
    return toResponseObject(this.context, { ...state, output: this.#output.items });
  }

  #emit(type: string, fields: object): void {
    this.#events.push(eventBytes(type, { type, sequence_number: this.#sequence, ...fields }));
    this.#sequence += 1;
  }

  #take(): Buffer {
    const events = Buffer.concat(this.#events);
    this.#events = [];
    return events;
  }
}

const incompleteReasons = new Map([
  ['length', 'max_output_tokens' as const],
  ['content_filter', 'content_filter' as const],
]);

/**
 * Turns a whole chat answer into a response object.
 * @throws ServiceError `provider_unavailable` when the answer is unreadable
 */
export function toResponse(chatAnswer: Buffer, context: ResponseContext): Buffer {
  const stream = new ResponseStream(context);
  stream.push(chatAnswer);
  return Buffer.from(JSON.stringify(stream.complete()));
}

/** The event that ends a stream whose translator is not at hand. @param sequence number of events sent so far, if known */
export function responseErrorEvent(error: WireError, sequence = 0): Buffer {
  return eventBytes('error', { type: 'error', sequence_number: sequence, ...errorFields(error) });
}

/** Flat as OpenAI documents it, and once more below `error`, where older clients look for it. */
function errorFields(error: WireError) {
  const fields = { code: error.code, message: error.message, param: error.param ?? null };
  return { ...fields, error: { type: 'server_error', ...fields } };
}
