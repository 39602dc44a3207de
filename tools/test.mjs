/**
 * `npm test`: format, types, lint beside unit tests, integration and end-to-end tests; then one line that sums them up.
 * --long runs the sizes that take minutes, --only check stops after the types, --only jest skips the checks.
 *
 * Suites that failed run once more in the end, alone, when they are five at most. What passes then counts as passed and is
 * listed as unsteady, with its first failure: a machine that had no time for it is no reason to refuse a change. An unsteady
 * test is a fault all the same, of the test or of the product, and is to be mended.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureReady, root } from './bootstrap.mjs';
import { isBroken, suitesToTryAgain, verdict } from './test-runs/verdict.mjs';

const { values } = parseArgs({ options: { long: { type: 'boolean' }, only: { type: 'string' } } });
if (values.only !== undefined && !['check', 'jest'].includes(values.only)) {
  process.stderr.write(`--only takes check or jest, not ${JSON.stringify(values.only)}\n`);
  process.exit(2);
}
const { node } = await ensureReady((text) => process.stdout.write(`${text}\n`));
const tsc = 'node_modules/typescript/bin/tsc';
const scratch = mkdtempSync(join(tmpdir(), 'orgn-test-'));
/** What kills, stops and floods wants the machine for itself: what it shows is how others fare meanwhile. */
const alone =
  '/(replicas|hung-replica|kill|chaos|revocation|clock|flood|channel|open-streams|large-bodies|swallowed-packets|money)\\.e2e';
const ours = ['-c', 'jest.config.mjs'];
/** With real parts: processes, sockets, databases. */
const integration = '\\.int\\.spec\\.';
const endToEnd = ['-c', 'e2e/jest.config.mjs'];
const runs = [];
const failures = [];

/** Runs a tool of the workspace; its failure is remembered, the other steps still run. */
async function run(name, argv) {
  if ((await start(name, argv)) !== 0) failures.push(name);
}

/** Runs a tool of the workspace on the pinned Node. @returns its exit status */
async function start(name, argv, env = {}) {
  process.stdout.write(`\n== ${name}\n`);
  const startedAt = Date.now();
  const child = spawn(node, argv, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, NX_DAEMON: 'false', ...env },
  });
  const status = await new Promise((resolve) => child.on('error', resolve).on('close', resolve));
  process.stdout.write(
    `== ${name}: ${status === 0 ? 'ok' : 'FAILED'} (${((Date.now() - startedAt) / 1000).toFixed(1)} s)\n`,
  );
  return status;
}

/** What everything else needs. Two at a time: each of them takes one processor. */
async function prepare() {
  await Promise.all([
    run('format', ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.']),
    run('types', [tsc, '-b']),
  ]);
  // The boundaries rule reads the project graph from Nx's cache.
  await run('project graph', ['node_modules/nx/dist/bin/nx.js', 'show', 'projects']);
}

async function check() {
  await Promise.all([
    run('lint', ['node_modules/eslint/bin/eslint.js', '.', '--max-warnings', '0']),
    run('types of tests', [tsc, '-p', 'tsconfig.spec.json']).then(() =>
      run('types of the console', [tsc, '-p', 'apps/console']),
    ),
  ]);
}

async function build() {
  await run('build', [tsc, '-b']);
  await run('build of the console', ['apps/console/build.mjs']);
  await run('build of the verifier', ['apps/verifier/build.mjs']);
}

/** Needs nothing but a processor, so that it runs beside the checks. */
async function unit(workers) {
  const argv = ['--maxWorkers', workers, '--testPathIgnorePatterns', integration];
  runs.push(await jest('unit', ours, argv));
}

async function jest(name, config, argv) {
  const file = join(scratch, `${name}.json`);
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
  const env = values.long ? { TEST_LONG: '1' } : {};
  const status = await start(name, [...flags, ...config, ...argv, '--json', '--outputFile', file], env);
  const report = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
  return { name, config, status, report };
}

/** Alone, and with the configuration that it had. @returns the reports */
async function tryAgain() {
  const suites = suitesToTryAgain(runs.flatMap(({ report }) => report ?? []));
  const again = [];
  for (const { name, config, report } of runs) {
    const failed = (report?.testResults ?? []).map((suite) => suite.name).filter((suite) => suites.includes(suite));
    if (failed.length === 0) continue;
    again.push(await jest(`${name}, again`, config, ['--runInBand', '--runTestsByPath', ...failed]));
  }
  return again.flatMap(({ report }) => report ?? []);
}

/** Judges all runs together, and prints what was unsteady. @returns how many tests passed and failed */
async function judge() {
  const again = await tryAgain();
  const reports = runs.flatMap(({ report }) => report ?? []);
  const { passed, failed, unsteady } = verdict(reports, again);
  const broken = runs.filter(isBroken);
  for (const run of runs)
    if (isBroken(run) || verdict(run.report ? [run.report] : [], again).failed > 0) failures.push(run.name);
  for (const { suite, test, failure } of unsteady)
    process.stdout.write(`\nunsteady: ${relative(root, suite)} › ${test}\n${failure}\n`);
  return { passed, failed: failed + broken.length };
}

let totals;
try {
  if (values.only !== 'jest') await prepare();
  if (values.only !== 'check') await build();
  if (values.only === 'check') await check();
  else {
    await (values.only === 'jest' ? unit('3') : Promise.all([check(), unit('2')]));
    runs.push(await jest('integration', ours, ['--maxWorkers', '3', '--testPathPatterns', integration]));
    runs.push(await jest('end to end', endToEnd, ['--maxWorkers', '2', '--testPathIgnorePatterns', alone]));
    runs.push(await jest('end to end, alone', endToEnd, ['--runInBand', '--testPathPatterns', alone]));
    totals = await judge();
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
if (failures.length > 0) process.stdout.write(`\nfailed: ${failures.join(', ')}\n`);
if (totals) process.stdout.write(`\njest: ${totals.passed} passed, ${totals.failed} failed\n`);
process.exit(failures.length > 0 ? 1 : 0);
