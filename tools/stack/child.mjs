import { setTimeout as delay } from 'node:timers/promises';
import { backoffMs } from './backoff.mjs';
import { ChildFailure, Life } from './launch.mjs';

/** A process that stayed ready this long starts again with the shortest wait. */
const healthyAfterMs = 30_000;
/** So many exits before it was ever ready, and the start has failed. */
const startAttempts = 3;
const startBoundMs = 120_000;
const [firstPollMs, lastPollMs] = [50, 250];

/** One process that is kept running: started, probed until ready, and started again with growing pauses when it dies. */
export class Child {
  #first = Promise.withResolvers();
  #stopping = new AbortController();
  #failures = 0;
  #startedAt = performance.now();
  #wasReady = false;

  /**
   * @param {import('./launch.mjs').Definition} definition
   * @param {{ logFile: string, restart: boolean, note(text: string): void, changed(): void }} stack `changed` is called
   *   after each fork, each time the process became ready, and when it died
   */
  constructor(definition, stack) {
    this.definition = definition;
    this.stack = stack;
    /** The running process, or undefined between two of them. */
    this.life = undefined;
    this.isReady = false;
  }

  /**
   * Starts the process and keeps it running from now on.
   * @returns {Promise<void>} settles when it is ready for the first time
   * @throws {ChildFailure} when it exits three times before (once without restarts), or is not ready within 2 minutes
   */
  start() {
    this.#keepRunning().catch((error) => this.#first.reject(error));
    return this.#first.promise;
  }

  /** No more restarts from now on. Ending the process itself is the business of stop-order.mjs. */
  stop() {
    this.#stopping.abort();
    this.#first.reject(new Error('stopping'));
  }

  async #keepRunning() {
    while (!this.#isStopping) {
      const life = await this.#launch();
      if (!life) continue;
      if (await this.#becomesReady(life)) this.#onReady(life);
      const exit = await life.ended;
      if (this.#isStopping) return;
      this.#onExit(life, exit);
      if (this.#givesUp(life, exit)) return;
      await this.#pause();
    }
  }

  get #isStopping() {
    return this.#stopping.signal.aborted;
  }

  /** @returns {Promise<Life | undefined>} undefined, after a pause, when the machine cannot (no disk, no descriptors) */
  async #launch() {
    try {
      this.life = new Life(this.definition, this.stack.logFile);
    } catch (error) {
      if (!this.#wasReady) throw error;
      this.#failures += 1;
      this.stack.note(`${this.definition.name} could not be started: ${error.message}`);
      await this.#pause();
      return undefined;
    }
    this.stack.changed();
    return this.life;
  }

  #pause() {
    return delay(backoffMs(this.#failures), undefined, { signal: this.#stopping.signal }).catch(() => {});
  }

  async #becomesReady(life) {
    let over = false;
    void life.ended.then(() => (over = true));
    for (let interval = firstPollMs; !over && !this.#isStopping; interval = Math.min(interval * 1.2, lastPollMs)) {
      const missing = await this.#probe(life);
      if (missing === undefined) return !over;
      if (!this.#wasReady) this.#checkBound(life, missing);
      await Promise.race([delay(interval), life.ended]);
    }
    return false;
  }

  /** @returns {Promise<string | undefined>} what the process still lacks */
  async #probe(life) {
    try {
      if (life.identity === undefined) return 'it did not start';
      await this.definition.probe(life.identity.pid);
      return undefined;
    } catch (error) {
      return error.message;
    }
  }

  #checkBound(life, missing) {
    if (performance.now() - this.#startedAt < startBoundMs) return;
    const { name } = this.definition;
    throw new ChildFailure(`${name} was not ready within ${startBoundMs / 1000} s: ${missing}`, life.tail());
  }

  #onReady(life) {
    life.readyAt = performance.now();
    this.isReady = true;
    if (this.#wasReady) this.stack.note(`${this.definition.name} is ready again (pid ${life.identity.pid})`);
    this.#wasReady = true;
    this.#first.resolve();
    this.stack.changed();
  }

  #onExit(life) {
    const healthy = life.readyAt !== undefined && performance.now() - life.readyAt > healthyAfterMs;
    this.#failures = healthy ? 1 : this.#failures + 1;
    this.isReady = false;
    this.life = undefined;
    this.stack.changed();
  }

  #givesUp(life, exit) {
    const who = `${this.definition.name} (pid ${life.identity?.pid ?? 'none'}) ${exit}`;
    if (!this.#wasReady && (!this.stack.restart || this.#failures >= startAttempts)) {
      throw new ChildFailure(`${who} before it was ready`, life.tail());
    }
    this.stack.note(
      this.stack.restart ? `${who}; starting it again in ${backoffMs(this.#failures)} ms` : `${who}; not started again`,
    );
    return !this.stack.restart;
  }
}
