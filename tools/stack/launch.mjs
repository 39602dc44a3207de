import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { logLength, openLog, tailOf } from './log-file.mjs';
import { identify } from './process-identity.mjs';

/**
 * @typedef {object} Definition one process of a stack, as data
 * @property {string} name unique in the stack; names its log too
 * @property {string} service what it is an instance of
 * @property {number} tier see stop-order.mjs
 * @property {string} command
 * @property {string[]} args
 * @property {Record<string, string>} env all that the process sees of the environment
 * @property {(pid: number) => Promise<void>} [probe] resolves when process `pid` is ready, else rejects with what is missing
 * @property {NodeJS.Signals} [stopSignal] default SIGTERM
 * @property {{ uid: number, gid: number }} [identity] whom to run as, when not as the supervisor
 * @property {string} [cwd]
 * @property {number[]} [descriptors] open files that the process gets as 3, 4, ...
 */

/** One run of a process, from its fork to its end. */
export class Life {
  #logFile;
  #logFrom;

  /**
   * @param {Definition} definition
   * @param {string} logFile gets what the process prints
   * @param {{ capture?: boolean, input?: string }} [io] `capture`: what it prints on stdout is kept in memory instead, for
   *   output that no log may hold; `input`: its stdin
   */
  constructor(definition, logFile, { capture = false, input } = {}) {
    this.#logFile = logFile;
    this.#logFrom = logLength(logFile);
    this.output = '';
    const log = openLog(logFile);
    const stdio = [
      input === undefined ? 'ignore' : 'pipe',
      capture ? 'pipe' : log,
      log,
      ...(definition.descriptors ?? []),
    ];
    const { command, args, env, cwd, identity } = definition;
    this.process = spawn(command, args, { detached: true, stdio, env, cwd, ...identity });
    closeSync(log);
    this.identity = this.process.pid === undefined ? undefined : identify(this.process.pid);
    this.process.stdout?.setEncoding('utf8').on('data', (text) => (this.output += text));
    this.process.stdin?.on('error', () => {}).end(input);
    /** Settles when the process is gone, with how it ended: `exited with code 1`, `was killed by SIGKILL`. */
    this.ended = new Promise((resolve) => {
      this.process.once('error', (error) => resolve(`could not be run: ${error.message}`));
      this.process.once('close', (code, name) => resolve(name ? `was killed by ${name}` : `exited with code ${code}`));
    });
  }

  /** The last lines that this run wrote to its log. */
  tail() {
    return tailOf(this.#logFile, { from: this.#logFrom });
  }
}

/** Thrown when a process cannot be got to run; `lines` are the last ones of its log. */
export class ChildFailure extends Error {
  constructor(message, lines = []) {
    super(message);
    this.lines = lines;
  }
}
