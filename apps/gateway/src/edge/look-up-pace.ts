import { Injectable } from '@nestjs/common';
import { TokenBucket } from '../authentication/token-bucket.ts';

/** Keys that are looked up together once they have to wait. */
const TOGETHER = 16;
/** Milliseconds from one such group to the next. */
const EVERY_MS = 16;
/** Requests that wait: what comes beyond does not, for it holds a connection and memory meanwhile. */
const MAX_WAITING = 1_024;

/**
 * While strangers come faster than a thousand a second, lets keys that were not accepted here lately be looked up in small
 * groups. A flood would otherwise take as much of this process, of the bus and of the database as there is: in groups a
 * stranger is cheap, requests under way wait for no more than a few of them, and whoever waits does not come again
 * meanwhile. Nobody waits for keys that turn out to be good.
 */
@Injectable()
export class LookUpPace {
  readonly #free = new TokenBucket({ burst: TOGETHER, refillMs: EVERY_MS / TOGETHER }, performance.now());
  readonly #waiting: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** Resolves when the next key may be looked up, in the order in which they were asked for. */
  async turn(): Promise<void> {
    if (this.#waiting.length >= MAX_WAITING) return;
    if (!this.#timer && this.#free.tokens(performance.now()) >= 1) return;
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
      this.#timer ??= setTimeout(() => this.#next(), EVERY_MS);
    });
  }

  /** A look-up has ended in a word against the key. */
  refused(): void {
    this.#free.charge(1, performance.now());
  }

  /** A group that is late is not made up for: the event loop had other things to do. */
  #next(): void {
    for (const go of this.#waiting.splice(0, TOGETHER)) go();
    this.#timer = this.#waiting.length > 0 ? setTimeout(() => this.#next(), EVERY_MS) : undefined;
  }
}
