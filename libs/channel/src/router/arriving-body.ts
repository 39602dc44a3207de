import { ChannelError } from '../frames/channel-error.ts';
import { Credit, writeCredit } from '../link/credit.ts';
import type { Link } from '../link/link.ts';

/** A body's bytes that are on their way at most, once it is being taken. */
const WINDOW_BYTES = 512 * 1024;

export interface ArrivingParts {
  /** Its length, as its head said. */
  bytes: number;
  /** Bytes of it that came with the greeting. */
  credit: number;
  number: number;
  link: Link;
}

/** A request's body while it comes. What comes before somebody takes it is bounded by the credit of the greeting. */
export class ArrivingBody {
  readonly #credit: Credit;
  #grantedBytes: number;
  #parts: Buffer[] = [];
  #whole: Buffer | undefined;
  #arrivedBytes = 0;
  #isStopped = false;
  #resolve: ((body: Buffer | undefined) => void) | undefined;

  constructor(private readonly parts: ArrivingParts) {
    this.#credit = new Credit(parts.credit);
    this.#grantedBytes = parts.credit;
  }

  /** @returns all of it, in memory of its own; undefined when it never becomes whole */
  take(): Promise<Buffer | undefined> {
    if (this.#isStopped) return Promise.resolve(undefined);
    this.#whole = Buffer.allocUnsafeSlow(this.parts.bytes);
    let at = 0;
    for (const part of this.#parts) at += part.copy(this.#whole, at);
    this.#parts = [];
    return new Promise((resolve) => {
      this.#resolve = resolve;
      this.#goOn();
    });
  }

  /** @throws ChannelError for bytes without credit, or more than there should be */
  hear(chunk: Buffer): void {
    if (chunk.length === 0) throw new ChannelError('malformed', 'A body frame is empty.');
    this.#credit.use(chunk.length);
    if (this.#arrivedBytes + chunk.length > this.parts.bytes) {
      throw new ChannelError('too_large', 'A body is longer than its head said.');
    }
    if (this.#whole) chunk.copy(this.#whole, this.#arrivedBytes);
    else this.#parts.push(Buffer.from(chunk));
    this.#arrivedBytes += chunk.length;
    if (this.#whole) this.#goOn();
  }

  /** Nobody wants it any more. */
  stop(): void {
    this.#isStopped = true;
    this.#parts = [];
    this.#whole = undefined;
    this.#resolve?.(undefined);
  }

  #goOn(): void {
    if (this.#arrivedBytes === this.parts.bytes) return this.#resolve?.(this.#whole);
    const ahead = this.#grantedBytes - this.#arrivedBytes;
    const due = Math.min(this.parts.bytes - this.#grantedBytes, WINDOW_BYTES - ahead);
    if (due <= 0 || ahead * 2 > WINDOW_BYTES) return;
    this.#grantedBytes += due;
    this.#credit.grant(due);
    this.parts.link.send('credit', this.parts.number, writeCredit(due));
  }
}
