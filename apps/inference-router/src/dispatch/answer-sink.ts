import type { ServerResponse } from 'node:http';
import { DISPATCH_ERROR_TYPE, errorTable, toOpenAiError, type DispatchError } from '@orgn/api';

/** The way back to the gateway: an answer's bytes, or one refusal. */
export class AnswerSink {
  #isGone = false;

  constructor(
    private readonly response: ServerResponse,
    private readonly requestId: string,
  ) {}

  /** The caller has left; whatever is written from now on is dropped. */
  get isGone(): boolean {
    return this.#isGone;
  }

  /** Calls `left` once if the other side closes before the answer has ended. */
  onGone(left: () => void): void {
    this.response.once('close', () => {
      if (this.response.writableFinished) return;
      this.#isGone = true;
      left();
    });
  }

  onDrain(resume: () => void): void {
    this.response.on('drain', resume);
  }

  begin(headers: Record<string, string>): void {
    if (!this.#isGone && !this.response.headersSent) this.response.writeHead(200, headers).flushHeaders();
  }

  /** @returns false when the other side reads slower than we write: stop until `onDrain` */
  write(bytes: Buffer): boolean {
    return this.#isGone || this.response.write(bytes);
  }

  end(bytes: Buffer): void {
    if (!this.#isGone) this.response.end(bytes);
  }

  /** A refusal: with its own status while nothing was sent, else as one error event with no `[DONE]` after it. */
  fail(error: DispatchError): void {
    if (this.#isGone) return;
    if (this.response.headersSent) {
      this.response.end(`data: ${JSON.stringify(toOpenAiError(error, this.requestId))}\n\n`);
      return;
    }
    const status = error.status ?? errorTable[error.code].status;
    this.response.writeHead(status, { 'content-type': DISPATCH_ERROR_TYPE }).end(JSON.stringify(error));
  }
}
