import type { ServerResponse } from 'node:http';

/**
 * Watches whether a caller takes what it is sent. What it does not take waits in buffers of fixed size on the way, so a
 * caller that takes nothing at all for too long holds them, and a provider's connection, for nothing: it is cut off.
 */
export class CallerPace {
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly response: ServerResponse,
    private readonly stallMs: number,
  ) {
    response.on('drain', () => this.#clear());
    response.once('close', () => this.#clear());
  }

  /** Bytes wait for the caller. The time runs from the first call until it takes them. */
  waiting(): void {
    this.#timer ??= setTimeout(() => this.response.destroy(), this.stallMs);
  }

  #clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
