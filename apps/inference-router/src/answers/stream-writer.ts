import {
  membersOf,
  onOneLine,
  outermost,
  usageDenial,
  usageRemoval,
  usageText,
  type AnswerParts,
  type ChatCallNumbers,
  type Edit,
  type ReadEvent,
} from '@orgn/dialects';
import { formatUsd } from '@orgn/pricing';
import type { TranslatedStream } from '../endpoints/endpoint.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { chargeEdits, edited, ownEdits } from './answer-editing.ts';
import { openStream } from './open-stream.ts';

const MAX_PRELUDE_BYTES = 64 * 1024;
const DONE = Buffer.from('data: [DONE]\n\n');

/** An event that says what is charged: written once that is known. */
interface Bill {
  event: ReadEvent;
  json: Buffer;
  parts: AnswerParts;
}

/**
 * What leaves of a streamed answer. Before it begins everything waits, so that another attempt can take its place; what
 * ends it (the final usage and what follows) waits until the usage is stored.
 */
export class StreamWriter {
  readonly #translated: TranslatedStream | undefined;
  readonly #numbers: ChatCallNumbers | undefined;
  #prelude: Buffer[] = [];
  #preludeBytes = 0;
  readonly #held: (Buffer | Bill)[] = [];
  #hasBegun = false;
  #isBilled = false;
  #last: Pick<Bill, 'json' | 'parts'> | undefined;
  /** The edits of the last chunk, which are asked for twice. */
  #own: { json: Buffer; edits: Edit[] } | undefined;

  constructor(private readonly exchange: Exchange) {
    this.#translated = exchange.request.answer.translation?.startStream(exchange.identity);
    this.#numbers = exchange.request.answer.numberCalls?.();
  }

  /** Something of this answer has left, or may have. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /** Lets the answer begin: there is no other attempt from now on. */
  begin(): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    openStream(this.exchange, this.#translated);
    for (const bytes of this.#prelude) this.exchange.forward(bytes);
    this.#prelude = [];
  }

  /** Passes on what is no part of the answer itself: comments, names of events. A translated stream has none of it. */
  passAside(event: Buffer): void {
    if (this.#translated || (!this.#hasBegun && !this.exchange.order.isRaw)) return;
    this.#emit(event, false);
  }

  /** Passes one chunk on. @param bytes of its event as they came @throws ServiceError when it cannot be translated */
  pass(bytes: Buffer, event: ReadEvent, parts: AnswerParts): void {
    const isFinal = parts.tellsUsage && (!parts.hasChoices || parts.hasFinished);
    const json = onOneLine(event.data);
    if (this.#translated) return this.#emit(this.#translated.push(json), isFinal);
    if (this.exchange.order.isRaw) return this.#emit(bytes, isFinal);
    this.#last = { json, parts };
    const numbered = this.#numbers?.editsOf(json) ?? [];
    if (!parts.tellsUsage) return this.#write(event, json, [...this.#ownOf(json, parts), ...numbered]);
    this.#passUsage({ event, json, parts }, numbered, isFinal);
  }

  /**
   * Edits of a chunk that says nothing of usage, as far as others like it would have the same.
   * @returns undefined where each chunk is written by itself: a translated one, or one that waits
   */
  editsLike(event: ReadEvent, parts: AnswerParts): Edit[] | undefined {
    if (this.#translated || !this.passesOn) return undefined;
    return this.exchange.order.isRaw ? [] : outermost(this.#ownOf(onOneLine(event.data), parts));
  }

  /** What is passed on now leaves at once. */
  get passesOn(): boolean {
    return this.#hasBegun && this.#held.length === 0;
  }

  /** Passes on a chunk whose bytes are known. */
  passShown(bytes: Buffer): void {
    this.#emit(bytes, false);
  }

  /**
   * The answer is whole.
   * @param done the provider's own last event, if it sent one
   * @throws ServiceError when it cannot be translated
   */
  finish(done: Buffer | undefined): void {
    this.begin();
    if (this.#translated) {
      this.#held.push(this.#translated.push(this.#bill('', false)), this.#translated.finish());
    } else if (this.exchange.order.isRaw) {
      if (done) this.#held.push(done);
    } else {
      if (this.exchange.request.wantsUsage && !this.#isBilled)
        this.#held.push(Buffer.concat([Buffer.from('data: '), this.#bill(this.#frame, true), Buffer.from('\n\n')]));
      this.#held.push(DONE);
    }
  }

  /** The last bytes, once the usage is stored. */
  end(): void {
    const last = this.#held.map((held) => (Buffer.isBuffer(held) ? held : this.#settle(held)));
    this.exchange.sink.end(Buffer.concat(last));
  }

  #passUsage(bill: Bill, numbered: readonly Edit[], isFinal: boolean): void {
    const { event, json, parts } = bill;
    const own = [...this.#ownOf(json, parts), ...numbered];
    if (!this.exchange.request.wantsUsage) {
      if (!parts.hasChoices) return;
      return this.#write(event, json, [...own, ...usageRemoval(parts)], isFinal);
    }
    // Usage has a chunk of its own, without choices: gatherers of official SDKs take one that tells it for the last.
    if (!isFinal || parts.hasChoices) return this.#write(event, json, [...own, ...usageDenial(parts)]);
    this.#isBilled = true;
    this.#hold(bill, event.data.length);
  }

  #settle({ event, json, parts }: Bill): Buffer {
    const { exchange } = this;
    return joined(event, edited(json, [...ownEdits(json, parts, exchange), ...chargeEdits(json, parts, exchange)]));
  }

  /** A chunk of ours that says what is charged. */
  #bill(frame: string, isShown: boolean): Buffer {
    const { request, count, cost } = this.exchange;
    const costUsd = isShown && request.wantsCost ? formatUsd(cost) : undefined;
    return Buffer.from(`{${frame}"choices":[],"usage":${usageText(request.answer.usage, count, costUsd)}}`);
  }

  /** What a chunk of ours begins with: id, time and model as in those before it. */
  get #frame(): string {
    const { exchange } = this;
    if (!this.#last) return '';
    const json = edited(this.#last.json, ownEdits(this.#last.json, this.#last.parts, exchange));
    return membersOf(json)
      .filter(({ name }) => framed.includes(name))
      .map(({ start, valueEnd }) => `${json.toString('utf8', start, valueEnd)},`)
      .join('');
  }

  #write(event: ReadEvent, json: Buffer, edits: Edit[], isFinal = false): void {
    this.#emit(joined(event, edited(json, edits)), isFinal);
  }

  #emit(bytes: Buffer, isFinal: boolean): void {
    if (isFinal || this.#held.length > 0) this.#hold(bytes, bytes.length);
    else if (this.#hasBegun) this.exchange.forward(bytes);
    else this.#wait(bytes);
  }

  #ownOf(json: Buffer, parts: AnswerParts): Edit[] {
    if (this.#own?.json !== json) this.#own = { json, edits: ownEdits(json, parts, this.exchange) };
    return this.#own.edits;
  }

  /** Whatever a provider sends after its final usage waits here, so it is bounded as an answer in one piece is. */
  #hold(held: Buffer | Bill, bytes: number): void {
    this.exchange.hold(bytes);
    this.#held.push(held);
  }

  #wait(bytes: Buffer): void {
    this.#prelude.push(bytes);
    this.#preludeBytes += bytes.length;
    if (this.#preludeBytes > MAX_PRELUDE_BYTES) this.begin();
  }
}

const framed = ['id', 'object', 'created', 'model'];

function joined({ before, after }: ReadEvent, data: Buffer): Buffer {
  return Buffer.concat([before, data, after]);
}
