import { join } from 'node:path';
import { mutantsOf } from './mutants.mjs';
import { Progress, progressFile, stateOf } from './progress.mjs';
import { promises } from './promises.mjs';
import { Sandbox } from './sandbox.mjs';
import { select } from './selection.mjs';
import { asRow, explainedIn } from './survivors.mjs';
import { RedTests, tryMutant, UsualTimes } from './trial.mjs';

/**
 * Tries mutants in sandboxes, `lanes` at a time, and prints what became of each.
 * @param {{ root: string, count: number, seed: number, lanes: number, minutes: number, promise?: string, isAgain: boolean }} options
 * @returns {Promise<0 | 1>} 0 when every mutant was tried, and noticed or is explained
 */
export async function runMutants(options) {
  const until = performance.now() + options.minutes * 60_000;
  const sandboxes = Array.from({ length: options.lanes }, () => new Sandbox(options.root));
  const clear = () => sandboxes.forEach((sandbox) => sandbox.remove());
  for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => process.exit(130));
  process.once('exit', clear);
  const root = sandboxes[0].dir;
  const wanted = promises.filter(({ promise }) => promise.includes(options.promise ?? ''));
  const chosen = select(mutantsOf(wanted, root), options);
  const progress = new Progress(progressFile(options.root), stateOf(options.root));
  const pending = options.isAgain ? [...chosen] : stillToTry(chosen, (mutant) => progress.of(mutant, root));
  print(`${chosen.length} mutants of ${wanted.length} promises, seed ${options.seed}; ${pending.length} to try`);
  const usual = new UsualTimes(progress);
  await Promise.all(sandboxes.map((sandbox) => work(sandbox, { pending, progress, usual, until })));
  return report(chosen, { progress, root });
}

/** Survivors are tried again, behind those that nobody has tried: their tests may have got better. */
function stillToTry(chosen, resultOf) {
  const survivors = chosen.filter((mutant) => resultOf(mutant)?.outcome === 'survived');
  return [...chosen.filter((mutant) => resultOf(mutant) === undefined), ...survivors];
}

async function work(sandbox, { pending, progress, usual, until }) {
  while (pending.length > 0 && performance.now() < until) {
    const mutant = pending.shift();
    try {
      const result = await tryMutant(sandbox, mutant, usual);
      progress.record(mutant, sandbox.dir, result);
      print(line(mutant, result.outcome, `${result.seconds} s`));
    } catch (error) {
      if (!(error instanceof RedTests)) throw error;
      // Said once: its other mutants cannot be tried either.
      print(line(mutant, 'red', `without a mistake: ${error.message}`));
      for (const other of pending.filter(({ promise }) => promise === mutant.promise))
        pending.splice(pending.indexOf(other), 1);
    }
  }
}

function line({ id, file, line, mistake }, outcome, more) {
  return `${outcome.padEnd(8)} ${id} ${file}:${line} ${mistake}, ${more}`;
}

function report(chosen, { progress, root }) {
  const explained = explainedIn(join(root, 'docs', 'mutants.md'));
  const tried = chosen.filter((mutant) => progress.of(mutant, root));
  const survivors = tried.filter((mutant) => progress.of(mutant, root).outcome === 'survived');
  const unexplained = survivors.filter(({ id }) => !explained.has(id));
  for (const mutant of unexplained) print(asRow(mutant));
  const counts = {
    noticed: tried.length - survivors.length,
    explained: survivors.length - unexplained.length,
    unexplained: unexplained.length,
    'not tried': chosen.length - tried.length,
  };
  const listed = Object.entries(counts).map(([name, count]) => `${name} ${count}`);
  print(`mutants: ${chosen.length}, ${listed.join(', ')}`);
  return unexplained.length + counts['not tried'] === 0 ? 0 : 1;
}

function print(text) {
  process.stdout.write(`${text}\n`);
}
