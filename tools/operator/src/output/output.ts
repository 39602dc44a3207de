/** Results go to stdout, whole lines only; everything that is said meanwhile goes to stderr. */
export class Output {
  #isClosed = false;
  #waiting: (() => void)[] = [];
  #onClose: () => void = () => undefined;

  constructor(
    private readonly results: NodeJS.WritableStream = process.stdout,
    private readonly messages: NodeJS.WritableStream = process.stderr,
  ) {
    results.on('drain', () => this.#goOn());
    results.on('error', (error: NodeJS.ErrnoException) => {
      // The reader has seen enough (`| head`): that is the end of the work, not a failure.
      if (error.code !== 'EPIPE') throw error;
      this.#isClosed = true;
      this.#goOn();
      this.#onClose();
    });
  }

  /** The reader is gone: nothing printed from now on is seen by anyone. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Calls back once, when the reader goes away. */
  onClose(callback: () => void): void {
    this.#onClose = callback;
  }

  /** Prints a line; resolves when there is room for the next. */
  async line(text: string): Promise<void> {
    if (this.#isClosed || this.results.write(`${text}\n`)) return;
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  progress(text: string): void {
    this.messages.write(`${text}\n`);
  }

  #goOn(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
