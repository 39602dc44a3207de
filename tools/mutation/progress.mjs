import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { mutantText } from './mutants.mjs';

/** What is known of mutants so far, in a file, so that a run that was broken off goes on where it was. */
export class Progress {
  #results;

  constructor(path) {
    this.path = path;
    this.#results = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
  }

  /** A mutant's result, unless its file or the list of its tests has changed since. */
  of(mutant, root) {
    const known = this.#results[mutant.id];
    return known?.of === digest(mutant, root) ? known : undefined;
  }

  record(mutant, root, result) {
    this.#results[mutant.id] = { ...result, of: digest(mutant, root) };
    mkdirSync(dirname(this.path), { recursive: true });
    writeFileSync(this.path, `${JSON.stringify(this.#results, null, 1)}\n`);
  }
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
