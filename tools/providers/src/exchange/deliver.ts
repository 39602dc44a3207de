import type { OutgoingHttpHeaders } from 'node:http';
import type { Behaviour } from '../control/control-state.ts';
import type { StreamEvent } from '../wire/event-stream.ts';
import type { Exchange } from './exchange.ts';
import { insideError, oddEvents } from './odd-events.ts';
import { withOddFigures } from './odd-figures.ts';

// Without a pace, events go out in writes of about this many characters: one system call for a usual answer.
const batchLength = 16_384;

/** What a whole answer carries that is not streamed. */
export interface PlainBody {
  readonly text: string;
  readonly headers: OutgoingHttpHeaders;
  readonly completionTokens: number;
}

/** What a streamed answer carries. */
export interface StreamedBody {
  readonly events: Iterable<StreamEvent>;
  readonly headers: OutgoingHttpHeaders;
}

/** Sends an answer in one body, with the faults of the control state. */
export async function deliverPlain(exchange: Exchange, body: PlainBody, behaviour: Behaviour): Promise<void> {
  const text = oddText(body.text, behaviour);
  const length = Buffer.byteLength(text);
  // A mutated body has another length, so none is announced.
  const announced = exchange.mutation === undefined ? { 'content-length': length } : {};
  exchange.head(200, { 'content-type': 'application/json', ...announced, ...body.headers });
  if (behaviour.cutAfterChunks !== undefined) {
    exchange.flushHead();
    return exchange.cut();
  }
  await beforeFirstByte(exchange, behaviour);
  if (!exchange.isOpen) return;
  exchange.entry.sent(body.completionTokens, 1);
  await exchange.end(text);
}

/** Sends an answer as server-sent events, with the pace and the faults of the control state. */
export async function deliverStream(exchange: Exchange, answer: StreamedBody, behaviour: Behaviour): Promise<void> {
  if (behaviour.odd?.includes('error200'))
    return deliverPlain(exchange, { text: '', headers: {}, completionTokens: 0 }, behaviour);
  const type = 'text/event-stream; charset=utf-8';
  exchange.head(200, { 'content-type': type, 'cache-control': 'no-cache', ...answer.headers });
  await beforeFirstByte(exchange, behaviour);
  const batch = new Batch(exchange, behaviour);
  for (const event of oddEvents(answer.events, behaviour)) {
    if (!exchange.isOpen) return;
    if (isCutBefore(event, batch.tokens, behaviour)) return batch.cut();
    await batch.add(event);
  }
  await batch.end();
}

function oddText(text: string, behaviour: Behaviour): string {
  if (behaviour.odd?.includes('error200')) return JSON.stringify(insideError(behaviour));
  if (behaviour.malformedChunk !== undefined) return breakJson(text);
  const counted = withOddFigures(text, behaviour);
  return behaviour.odd?.includes('bom') ? `\ufeff${counted}` : counted;
}

async function beforeFirstByte(exchange: Exchange, behaviour: Behaviour): Promise<void> {
  if (behaviour.hang !== 'body' && behaviour.slowFirstByteMs === undefined) return;
  if (!exchange.isOpen) return;
  exchange.flushHead();
  await (behaviour.hang === 'body' ? exchange.hang() : exchange.sleep(behaviour.slowFirstByteMs));
}

function isCutBefore(event: StreamEvent, tokens: number, behaviour: Behaviour): boolean {
  return tokens === behaviour.cutAfterChunks && (event.isToken || tokens > 0);
}

/** Events that wait for one write. Tokens are counted when the write is made. */
class Batch {
  /** Tokens of the answer so far. */
  tokens = 0;
  private text = '';
  private waiting = 0;
  private readonly exchange: Exchange;
  private readonly behaviour: Behaviour;

  constructor(exchange: Exchange, behaviour: Behaviour) {
    this.exchange = exchange;
    this.behaviour = behaviour;
  }

  async add(event: StreamEvent): Promise<void> {
    if (event.isToken) return this.addToken(event);
    this.text += event.text;
    if (this.text.length >= batchLength) await this.flush();
  }

  async cut(): Promise<void> {
    await this.flush();
    await this.exchange.cut();
  }

  async end(): Promise<void> {
    if (this.exchange.isOpen) await this.exchange.end(this.take());
  }

  private async addToken(event: StreamEvent): Promise<void> {
    this.text += this.tokens === this.behaviour.malformedChunk ? breakEvent(event.text) : event.text;
    this.tokens += 1;
    this.waiting += 1;
    const isPaced = this.behaviour.chunkDelayMs !== undefined;
    if (isPaced || this.text.length >= batchLength) await this.flush();
    if (isPaced) await this.exchange.sleep(this.behaviour.chunkDelayMs);
  }

  private async flush(): Promise<void> {
    await this.exchange.write(this.take());
  }

  private take(): string {
    const text = this.text;
    this.exchange.entry.sent(this.waiting, this.waiting);
    this.text = '';
    this.waiting = 0;
    return text;
  }
}

function breakJson(text: string): string {
  return text.slice(0, Math.floor(text.length / 2));
}

/** The event stays an event: only its JSON is broken. */
function breakEvent(event: string): string {
  return `${breakJson(event.trimEnd())}\n\n`;
}
