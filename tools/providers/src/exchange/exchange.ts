import { createHash } from 'node:crypto';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LedgerEntry } from '../control/ledger.ts';

/** One request and its answer. Every wait in it ends at once when the client leaves. */
export class Exchange {
  readonly entry: LedgerEntry;
  /** Size in bytes of the pieces that the answer is written in, undefined for as it comes. */
  pieceBytes: number | undefined;
  /** What happens to the bytes of the answer on their way out, undefined for nothing. */
  mutation: ((bytes: Buffer) => Buffer) | undefined;
  /** Told, when the answer has run to its end, the SHA-256 (hex) of the bytes of its body. */
  completed: ((responseSha256: string) => void) | undefined;
  private readonly response: ServerResponse;
  private readonly sent = createHash('sha256');
  private isCut = false;
  private isClosed = false;
  private carry: Buffer = Buffer.alloc(0);
  private wake: () => void = () => undefined;

  constructor(request: IncomingMessage, response: ServerResponse, entry: LedgerEntry) {
    this.entry = entry;
    this.response = response;
    response.once('close', () => this.settle());
    // A client that leaves before its request is complete shows on the request first.
    request.once('error', () => response.destroy());
  }

  get isOpen(): boolean {
    return !this.isClosed;
  }

  /** Waits, at most until the client leaves. */
  async sleep(ms: number | undefined): Promise<void> {
    if (ms === undefined || ms === 0 || this.isClosed) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Waits for the client to leave. */
  async hang(): Promise<void> {
    if (this.isClosed) return;
    await new Promise<void>((resolve) => {
      this.wake = resolve;
    });
  }

  head(status: number, headers: OutgoingHttpHeaders): void {
    if (!this.isClosed) this.response.writeHead(status, headers);
  }

  /** Sends the headers now instead of with the first byte of the body. */
  flushHead(): void {
    this.response.flushHeaders();
  }

  /** Sends a part of the body; waits while the client is slow to read. */
  async write(text: string): Promise<void> {
    const bytes = this.mutation?.(Buffer.from(text)) ?? text;
    if (this.pieceBytes === undefined) return this.push(bytes);
    let rest = Buffer.concat([this.carry, Buffer.from(bytes)]);
    while (rest.length >= this.pieceBytes && this.isOpen) {
      await this.push(rest.subarray(0, this.pieceBytes));
      // A turn of the event loop in between makes each piece a write of its own.
      await nextTurn();
      rest = rest.subarray(this.pieceBytes);
    }
    this.carry = rest;
  }

  /** Sends the last part of the body. */
  async end(text: string): Promise<void> {
    if (this.pieceBytes === undefined) {
      this.finish(this.mutation?.(Buffer.from(text)) ?? text);
      return;
    }
    await this.write(text);
    this.finish(this.carry);
  }

  /** Sends what was written and then breaks the connection, without an end of the answer. */
  async cut(): Promise<void> {
    this.isCut = true;
    if (this.carry.length > 0) this.response.write(this.carry);
    await nextTurn();
    this.response.socket?.destroySoon();
  }

  private finish(chunk: string | Buffer): void {
    this.sent.update(chunk);
    this.response.end(chunk);
  }

  private async push(chunk: string | Buffer): Promise<void> {
    if (this.isClosed) return;
    this.sent.update(chunk);
    if (this.response.write(chunk)) return;
    await new Promise<void>((resolve) => {
      this.wake = resolve;
      this.response.once('drain', resolve);
    });
  }

  private settle(): void {
    this.isClosed = true;
    const outcome = this.outcome();
    this.entry.settle(outcome);
    if (outcome === 'completed') this.completed?.(this.sent.digest('hex'));
    this.wake();
  }

  private outcome(): 'completed' | 'failed' | 'abortedRequests' {
    if (this.isCut) return 'failed';
    if (!this.response.writableFinished) return 'abortedRequests';
    return this.response.statusCode < 400 ? 'completed' : 'failed';
  }
}
