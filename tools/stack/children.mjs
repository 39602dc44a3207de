import { join } from 'node:path';
import { Child } from './child.mjs';
import { ChildFailure, Life } from './launch.mjs';
import { ownerVariable, recordProcesses } from './leftovers.mjs';
import { stopInOrder, tiers } from './stop-order.mjs';

const jobStopBoundMs = 5_000;

/** All processes of a running stack. Each one is on record, on disk, from the moment it has a pid. */
export class Children {
  #paths;
  #restart;
  #note;
  #changed;
  #children = [];
  #jobs = new Map();
  #isStopping = false;

  /**
   * @param {object} stack
   * @param {ReturnType<import('./stack-dir.mjs').stackPaths>} stack.paths
   * @param {boolean} stack.restart
   * @param {(text: string) => void} stack.note
   * @param {() => void} stack.changed called when a process became ready or died
   */
  constructor({ paths, restart, note, changed }) {
    this.#paths = paths;
    this.#restart = restart;
    this.#note = note;
    this.#changed = changed;
  }

  /**
   * Starts processes at the same time and keeps them running.
   * @param {import('./launch.mjs').Definition[]} definitions
   * @returns {Promise<unknown>} settles when all are ready
   * @throws {ChildFailure}
   */
  start(definitions) {
    this.#throwIfStopping();
    const started = definitions.map((definition) => {
      const child = new Child(this.#owned(definition), {
        logFile: this.#logFile(definition.name),
        restart: this.#restart,
        note: this.#note,
        changed: () => this.#onChange(),
      });
      this.#children.push(child);
      return child.start();
    });
    return Promise.all(started);
  }

  /**
   * Runs a job to its end.
   * @param {Omit<import('./launch.mjs').Definition, 'tier' | 'service'>} definition
   * @param {{ capture?: boolean, input?: string }} [io] see launch.mjs
   * @returns {Promise<string>} what it printed, with `capture`
   * @throws {ChildFailure} when it does not exit with 0
   */
  async run(definition, io) {
    this.#throwIfStopping();
    const job = this.#owned({ ...definition, tier: tiers.job });
    const life = new Life(job, this.#logFile(definition.name), io);
    this.#jobs.set(life, job);
    this.#record();
    const exit = await life.ended;
    this.#jobs.delete(life);
    this.#record();
    if (exit !== 'exited with code 0') throw new ChildFailure(`${definition.name} ${exit}`, life.tail());
    return life.output;
  }

  /** The processes that are ready, as `stack.json` lists them. */
  get ready() {
    return this.#children
      .filter((child) => child.isReady)
      .map(({ definition: { name, service }, life }) => {
        return { name, service, pid: life.identity.pid, logFile: this.#logFile(name) };
      });
  }

  /** Names the process that is to stop the others when this one dies. */
  set reaper(identity) {
    this.reaperIdentity = identity;
    this.#record();
  }

  /** Stops all of them in order; returns when they are gone. Can be called again. */
  async stop() {
    this.#isStopping = true;
    for (const child of this.#children) child.stop();
    const running = this.#running;
    const isJob = ({ tier }) => tier === tiers.job;
    await stopInOrder(running.filter(isJob), { note: this.#note, boundMs: jobStopBoundMs });
    await stopInOrder(
      running.filter((entry) => !isJob(entry)),
      { note: this.#note },
    );
  }

  get #running() {
    const lives = [...this.#jobs].concat(this.#children.map(({ life, definition }) => [life, definition]));
    return lives
      .filter(([life]) => life?.identity !== undefined)
      .map(([life, { name, service, tier, stopSignal }]) => ({ name, service, tier, stopSignal, ...life.identity }));
  }

  #onChange() {
    this.#record();
    if (!this.#isStopping) this.#changed();
  }

  /** A full disk is no reason to lose sight of the processes: what is not on record is found by its environment. */
  #record() {
    try {
      recordProcesses(this.#paths, { reaper: this.reaperIdentity, children: this.#running });
    } catch (error) {
      this.#note(`the processes could not be written down: ${error.message}`);
    }
  }

  #owned(definition) {
    return { ...definition, env: { ...definition.env, [ownerVariable]: this.#paths.dir } };
  }

  #logFile(name) {
    return join(this.#paths.logs, `${name}.log`);
  }

  #throwIfStopping() {
    if (this.#isStopping) throw new Error('stopping');
  }
}
