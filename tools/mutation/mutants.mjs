import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mutate, sitesOf } from './sites.mjs';

/**
 * A mutant: one site of one file, and the tests that must notice it.
 * @typedef {import('./sites.mjs').Site & {
 *   id: string, promise: string, file: string, before: string, tests: import('./promises.mjs').Tests[],
 * }} Mutant
 */

/** Every mutant of the promises' files. @returns {Mutant[]} */
export function mutantsOf(promises, root) {
  return promises.flatMap(({ promise, files, tests }) =>
    files.flatMap((file) => mutantsIn(readFileSync(join(root, file), 'utf8'), { promise, file, tests })),
  );
}

function mutantsIn(source, about) {
  const seen = new Map();
  return sitesOf(source).map((site) => {
    const line = source.split('\n')[site.line - 1].trim();
    // Named by what it does, not by where: code that moves keeps its mutants' names. Equal ones are numbered.
    const content = [about.file, line, source.slice(site.start, site.end), site.replacement].join('\0');
    const turn = (seen.get(content) ?? 0) + 1;
    seen.set(content, turn);
    const id = createHash('sha256').update(`${content}\0${turn}`).digest('hex').slice(0, 10);
    return { ...about, ...site, id, before: line };
  });
}

/** The text of a mutant's file with the mistake in it. @param {Mutant} mutant */
export function mutantText(mutant, root) {
  return mutate(readFileSync(join(root, mutant.file), 'utf8'), mutant);
}
