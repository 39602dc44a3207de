/**
 * What the supervisor says: to its log, with the time, and to the launcher, as long as one listens.
 * The log never gets more than was sent here: no secrets.
 */
export class Reporter {
  /** A remark of one line. */
  note(text) {
    this.#log(text);
    this.#tell({ type: 'note', text });
  }

  /** Runs one step of the start. @param {{ name: string, run(): Promise<string | void> }} step */
  async step(name, run) {
    this.#tell({ type: 'begin', name });
    const startedAt = performance.now();
    const detail = (await run()) ?? '';
    this.#log(`${name}: ${detail || 'done'} (${Math.round(performance.now() - startedAt)} ms)`);
    this.#tell({ type: 'done', detail });
  }

  ready() {
    this.#log('ready');
    this.#tell({ type: 'ready' });
  }

  /** The start failed; `lines` are the last ones of the log that tells why. */
  async failed({ message, lines = [] }) {
    this.#log(`failed: ${message}`);
    await this.#tell({ type: 'failed', message, lines });
  }

  #log(text) {
    console.log(`${new Date().toISOString()} ${text}`);
  }

  /** A launcher that went away in this very moment is no error. */
  #tell(message) {
    return new Promise((resolve) => (process.connected ? process.send(message, () => resolve()) : resolve()));
  }
}
