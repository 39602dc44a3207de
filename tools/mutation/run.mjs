import { join } from 'node:path';
import { mutantsOf } from './mutants.mjs';
import { Progress, progressFile } from './progress.mjs';
import { promises } from './promises.mjs';
import { Sandbox } from './sandbox.mjs';
import { select } from './selection.mjs';
import { asRow, explainedIn } from './survivors.mjs';
import { tryMutant, usualTimes } from './trial.mjs';

/**
 * Tries mutants in sandboxes, `lanes` at a time, and prints what became of each.
 * @param {{ root: string, count: number, seed: number, lanes: number, promise?: string, isAgain: boolean }} options
 * @returns {Promise<0 | 1>} 0 when every mutant was noticed or is explained
 * @throws when tests fail without one
 */
export async function runMutants(options) {
  const { root } = options;
  const wanted = promises.filter(({ promise }) => promise.includes(options.promise ?? ''));
  const chosen = select(mutantsOf(wanted, root), options);
  const progress = new Progress(progressFile(root));
  const pending = chosen.filter((mutant) => options.isAgain || !isNoticed(progress.of(mutant, root)));
  print(`${chosen.length} mutants of ${wanted.length} promises, seed ${options.seed}; ${pending.length} to try`);
  const sandboxes = Array.from({ length: options.lanes }, () => new Sandbox(root));
  try {
    const usual = await usualTimes(sandboxes[0], pending);
    await Promise.all(sandboxes.map((sandbox) => work(sandbox, { pending, progress, root, usual })));
  } finally {
    for (const sandbox of sandboxes) sandbox.remove();
  }
  return report(chosen, { progress, root });
}

/** A survivor is tried again: its tests may have got better. */
function isNoticed(result) {
  return result !== undefined && result.outcome !== 'survived';
}

async function work(sandbox, { pending, progress, root, usual }) {
  for (let mutant = pending.shift(); mutant; mutant = pending.shift()) {
    const result = await tryMutant(sandbox, mutant, usual);
    progress.record(mutant, root, result);
    print(
      `${result.outcome.padEnd(8)} ${result.seconds} s  ${mutant.id} ${mutant.file}:${mutant.line} ${mutant.mistake}`,
    );
  }
}

function report(chosen, { progress, root }) {
  const explained = explainedIn(join(root, 'docs', 'mutants.md'));
  const survivors = chosen.filter((mutant) => progress.of(mutant, root)?.outcome === 'survived');
  const unexplained = survivors.filter(({ id }) => !explained.has(id));
  for (const mutant of unexplained) print(asRow(mutant));
  const noticed = chosen.length - survivors.length;
  print(
    `mutants: ${chosen.length}, noticed ${noticed}, explained ${survivors.length - unexplained.length}, unexplained ${unexplained.length}`,
  );
  return unexplained.length === 0 ? 0 : 1;
}

function print(text) {
  process.stdout.write(`${text}\n`);
}
