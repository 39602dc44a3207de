import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** How much longer than without a mistake tests may take before they hang, and what a busy machine adds in milliseconds. */
const PATIENCE = { factor: 3, extraMs: 20_000 };
/** A test that waits for what a mutant never does is failed after so long; without a mistake, it may first have to compile. */
const TEST_TIMEOUT_MS = { withMistake: 20_000, without: 120_000 };
/** How long the last words of tests may be under way once they have ended. */
const LAST_WORDS_MS = 2_000;
/** Nobody has waited for these tests yet. */
const FIRST_PATIENCE_MS = 600_000;

/** Tests that fail without a mistake would take every mutant for noticed; what they said is in the message. */
export class RedTests extends Error {}

/** How long lists of tests take without a mistake: each is run once, when it is first needed. */
export class UsualTimes {
  #times = new Map();

  /** @param {import('./progress.mjs').Progress} progress knows those of a run that was broken off */
  constructor(progress) {
    this.progress = progress;
  }

  /** @returns {Promise<number>} milliseconds @throws RedTests each time, when the tests fail */
  of(tests, sandbox) {
    const name = nameOf(tests);
    if (!this.#times.has(name)) this.#times.set(name, this.progress.usualMs(name) ?? this.#measure(sandbox, tests));
    return this.#times.get(name);
  }

  async #measure(sandbox, tests) {
    const startedAt = performance.now();
    const { outcome, text } = await runTests(sandbox.dir, tests, {
      patienceMs: FIRST_PATIENCE_MS,
      testMs: TEST_TIMEOUT_MS.without,
    });
    if (outcome !== 'survived') throw new RedTests(`${nameOf(tests)} (${outcome})\n${text}`);
    const ms = performance.now() - startedAt;
    this.progress.recordUsual(nameOf(tests), ms);
    return ms;
  }
}

/**
 * Runs a mutant's tests in the sandbox, list by list, until one fails.
 * @param {UsualTimes} usual
 * @returns {Promise<{ outcome: 'killed' | 'survived' | 'hung', by: string | null, seconds: number }>}
 * @throws RedTests
 */
export async function tryMutant(sandbox, mutant, usual) {
  let spentMs = 0;
  for (const tests of mutant.tests) {
    const patienceMs = (await usual.of(tests, sandbox)) * PATIENCE.factor + PATIENCE.extraMs;
    const startedAt = performance.now();
    const limits = { patienceMs, testMs: TEST_TIMEOUT_MS.withMistake };
    const { outcome } = await sandbox.with(mutant, () => runTests(sandbox.dir, tests, limits));
    spentMs += performance.now() - startedAt;
    if (outcome !== 'survived') return { outcome, by: nameOf(tests), seconds: toSeconds(spentMs) };
  }
  return { outcome: 'survived', by: null, seconds: toSeconds(spentMs) };
}

const toSeconds = (ms) => Math.round(ms / 100) / 10;

function nameOf({ project, specs }) {
  return `${project}: ${specs}`;
}

/**
 * Runs specs of one project.
 * @returns {Promise<{ outcome: 'killed' | 'survived' | 'hung', text: string }>} `text`: the end of what they said
 */
async function runTests(dir, { project, specs }, { patienceMs, testMs }) {
  const jest = spawn(process.execPath, [...jestArguments(dir, project, testMs), specs], {
    cwd: dir,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, NX_DAEMON: 'false' },
  });
  const said = [];
  jest.stderr.on('data', (chunk) => said.push(chunk));
  const end = () => jest.kill('SIGKILL');
  process.once('exit', end);
  let isHung = false;
  const timer = setTimeout(() => {
    isHung = true;
    end();
  }, patienceMs);
  // Servers that a broken test left behind may hold what it wrote to.
  const ended = once(jest.stderr, 'end');
  const [code] = await once(jest, 'exit');
  await Promise.race([ended, delay(LAST_WORDS_MS)]);
  clearTimeout(timer);
  process.off('exit', end);
  const text = Buffer.concat(said).toString().slice(-3_000);
  if (isHung) return { outcome: 'hung', text };
  // What was not run has noticed nothing.
  if (!/^Test Suites: /m.test(text)) throw new Error(`the tests could not be run:\n${text}`);
  return { outcome: code === 0 ? 'survived' : 'killed', text };
}

function jestArguments(dir, project, testMs) {
  const runner = ['--experimental-vm-modules', join(dir, 'node_modules/jest/bin/jest.js')];
  const environment = ['--env', join(dir, 'tools/mutation/first-failure.environment.mjs')];
  // What a failed test leaves open must not keep the process.
  const limits = ['--bail', '--forceExit', '--testTimeout', String(testMs), '--runInBand'];
  return [...runner, '-c', join(dir, project, 'jest.config.mjs'), ...environment, ...limits, '--testPathPatterns'];
}
