/** Where the time of one request went, for a `server-timing` header. */
export class ServerTiming {
  readonly #marks: string[] = [];
  #since = performance.now();

  /** Names the time since the last mark. */
  mark(name: 'body' | 'verify' | 'route'): void {
    const now = performance.now();
    this.#marks.push(`${name};dur=${(now - this.#since).toFixed(1)}`);
    this.#since = now;
  }

  /** `body;dur=0.4, verify;dur=1.2` in milliseconds; empty while nothing was marked. */
  toHeader(): string {
    return this.#marks.join(', ');
  }
}
