import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRecorder } from '../recorder/recorder.mjs';
import { faultsOf } from './judgement.mjs';

/**
 * One client asked about one model. What it does is in cases, each with an address of its own, so that what it sent belongs to
 * a case for certain.
 */
export class Trial {
  /** What came of each case: `{ name, faults, exchanges, said }`. */
  results = [];
  #scratch = mkdtempSync(join(tmpdir(), 'orgn-client-'));

  /** @param {{ client: object, folder: string, model: string, stack: import('./stack.mjs').Stack }} parts */
  constructor({ client, folder, model, stack, verbose }) {
    this.client = client;
    /** Where the client is installed. */
    this.folder = folder;
    this.model = model;
    this.verbose = verbose;
    this.stack = stack;
    this.key = stack.key;
    /** A home and a project that no other trial has. */
    [this.home, this.project] = ['home', 'project'].map((name) => {
      const dir = join(this.#scratch, name);
      mkdirSync(dir);
      return dir;
    });
  }

  /**
   * Has the client do something under a name. `exercise` gets the address to call and answers what came of it.
   * @param {string} name
   * @param {(api: string) => Promise<Said>} exercise
   *
   * @typedef {{ text?: string, usage?: { input: number, output: number }, calls?: unknown[], deltas?: number, shows?: object[], error?: string }} Said
   */
  async case(name, exercise) {
    await this.cases([name], async (urls) => ({ [name]: await exercise(urls[name]) }));
  }

  /** The same for several cases of one run of the program. */
  async cases(names, exercise) {
    const recorders = await Promise.all(names.map(() => startRecorder(this.stack.api)));
    const urls = Object.fromEntries(names.map((name, at) => [name, recorders[at].url]));
    const said = await exercise(urls).catch((error) => failure(names, error));
    for (const [at, name] of names.entries()) {
      const { exchanges } = recorders[at];
      const outcome = said[name] ?? { error: 'the program said nothing of this case' };
      const faults = await faultsOf({ name, said: outcome, exchanges, client: this.client, stack: this.stack });
      this.results.push({ name, faults, exchanges, said: outcome });
    }
    await Promise.all(recorders.map((recorder) => recorder.close()));
  }

  close() {
    rmSync(this.#scratch, { recursive: true, force: true, maxRetries: 3 });
  }
}

function failure(names, error) {
  return Object.fromEntries(names.map((name) => [name, { error: error.message }]));
}
