import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** How much longer than without a mistake tests may take before they hang, and what a busy machine adds in milliseconds. */
const PATIENCE = { factor: 3, extraMs: 20_000 };
/** Nobody has waited for these tests yet. */
const FIRST_PATIENCE_MS = 600_000;

/**
 * Runs a mutant's tests in the sandbox, list by list, until one fails.
 * @returns {Promise<{ outcome: 'killed' | 'survived' | 'hung', by: string | null, seconds: number }>}
 */
export async function tryMutant(sandbox, mutant, usual) {
  const startedAt = performance.now();
  const result = await sandbox.with(mutant, () => firstFailure(sandbox, mutant.tests, usual));
  return { ...result, seconds: Math.round((performance.now() - startedAt) / 100) / 10 };
}

async function firstFailure(sandbox, lists, usual) {
  for (const tests of lists) {
    const patienceMs = usual.get(nameOf(tests)) * PATIENCE.factor + PATIENCE.extraMs;
    const outcome = await runTests(sandbox.dir, tests, patienceMs);
    if (outcome !== 'survived') return { outcome, by: nameOf(tests) };
  }
  return { outcome: 'survived', by: null };
}

/**
 * How long each list of tests takes without a mistake, in milliseconds by name.
 * @throws when one is red: it would take every mutant for noticed
 */
export async function usualTimes(sandbox, mutants) {
  const lists = new Map(mutants.flatMap(({ tests }) => tests).map((tests) => [nameOf(tests), tests]));
  const times = new Map();
  for (const [name, tests] of lists) {
    const startedAt = performance.now();
    if ((await runTests(sandbox.dir, tests, FIRST_PATIENCE_MS)) !== 'survived')
      throw new Error(`red without a mutant: ${name}`);
    times.set(name, performance.now() - startedAt);
  }
  return times;
}

function nameOf({ project, specs }) {
  return `${project}: ${specs}`;
}

/** Runs specs of one project. @returns {Promise<'killed' | 'survived' | 'hung'>} */
async function runTests(dir, { project, specs }, patienceMs) {
  const jest = spawn(process.execPath, [...jestArguments(dir, project), specs], {
    cwd: dir,
    stdio: 'ignore',
    env: { ...process.env, NX_DAEMON: 'false' },
  });
  let isHung = false;
  const timer = setTimeout(() => {
    isHung = true;
    jest.kill('SIGKILL');
  }, patienceMs);
  const [code] = await once(jest, 'exit');
  clearTimeout(timer);
  if (isHung) return 'hung';
  return code === 0 ? 'survived' : 'killed';
}

function jestArguments(dir, project) {
  const runner = ['--experimental-vm-modules', join(dir, 'node_modules/jest/bin/jest.js')];
  return [...runner, '-c', join(dir, project, 'jest.config.mjs'), '--runInBand', '--bail', '--testPathPatterns'];
}
