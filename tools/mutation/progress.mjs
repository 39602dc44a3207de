import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { mutantText } from './mutants.mjs';

/**
 * What is known of mutants so far, in a file, so that a run that was broken off goes on where it was; and how long tests take
 * without a mistake, as long as nothing at all has changed since they were green.
 */
export class Progress {
  #results;
  #usual;
  #state;

  /** @param {string} state says which sources these are */
  constructor(path, state) {
    this.path = path;
    this.#state = state;
    const known = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
    this.#results = known.mutants ?? {};
    this.#usual = known.usual ?? {};
  }

  /** @returns {number | undefined} milliseconds that these tests took, green */
  usualMs(tests) {
    const known = this.#usual[tests];
    return known?.state === this.#state ? known.ms : undefined;
  }

  recordUsual(tests, ms) {
    this.#usual[tests] = { ms, state: this.#state };
    this.#write();
  }

  /** A mutant's result, unless its file or the list of its tests has changed since. */
  of(mutant, root) {
    const known = this.#results[mutant.id];
    return known?.of === digest(mutant, root) ? known : undefined;
  }

  record(mutant, root, result) {
    this.#results[mutant.id] = { ...result, of: digest(mutant, root) };
    this.#write();
  }

  #write() {
    mkdirSync(dirname(this.path), { recursive: true });
    writeFileSync(this.path, `${JSON.stringify({ usual: this.#usual, mutants: this.#results }, null, 1)}\n`);
  }
}

/** The commit and whatever differs from it. */
export function stateOf(root) {
  const git = (...args) => execFileSync('git', args, { cwd: root, maxBuffer: 256 * 1024 * 1024 });
  return createHash('sha256').update(git('rev-parse', 'HEAD')).update(git('diff', 'HEAD')).digest('hex').slice(0, 16);
}

/** Of the mutant's file and of who judges it. */
function digest(mutant, root) {
  const hash = createHash('sha256').update(mutantText(mutant, root)).update(JSON.stringify(mutant.tests));
  return hash.digest('hex').slice(0, 16);
}

/** Where results are kept between runs. */
export function progressFile(root) {
  return join(root, '.local', 'mutation', 'results.json');
}
