/**
 * `npm test`: format, lint, types, unit and integration tests, end-to-end tests; then one line that sums them up.
 * --long runs the sizes that take minutes, --only check stops after the types, --only jest skips the checks.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureReady, root } from './bootstrap.mjs';

const { values } = parseArgs({ options: { long: { type: 'boolean' }, only: { type: 'string' } } });
const { node } = await ensureReady((text) => process.stdout.write(`${text}\n`));
const scratch = mkdtempSync(join(tmpdir(), 'orgn-test-'));
/** What kills, stops and floods wants the machine for itself: what it shows is how others fare meanwhile. */
const alone =
  '/(replicas|hung-replica|kill|chaos|revocation|clock|flood|channel|open-streams|large-bodies|swallowed-packets|money)\\.e2e';
const totals = { passed: 0, failed: 0 };
const failures = [];

/** Runs a tool of the workspace on the pinned Node; its failure is remembered, the other steps still run. */
async function run(name, argv, env = {}) {
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
  if (status !== 0) failures.push(name);
}

/** Two at a time: each of them takes one processor. */
async function check() {
  const tsc = 'node_modules/typescript/bin/tsc';
  await Promise.all([
    run('format', ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.']),
    run('types', [tsc, '-b']),
  ]);
  // The boundaries rule reads the project graph from Nx's cache.
  await run('project graph', ['node_modules/nx/dist/bin/nx.js', 'show', 'projects']);
  await Promise.all([
    run('lint', ['node_modules/eslint/bin/eslint.js', '.', '--max-warnings', '0']),
    run('types of tests', [tsc, '-p', 'tsconfig.spec.json']).then(() =>
      run('types of the console', [tsc, '-p', 'apps/console']),
    ),
  ]);
}

async function jest(name, argv) {
  const report = join(scratch, `${name}.json`);
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
  await run(name, [...flags, ...argv, '--json', '--outputFile', report], values.long ? { TEST_LONG: '1' } : {});
  try {
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(readFileSync(report, 'utf8'));
    totals.passed += numPassedTests;
    totals.failed += numFailedTests + numRuntimeErrorTestSuites;
  } catch {
    totals.failed += 1;
  }
}

try {
  if (values.only !== 'jest') await check();
  if (values.only !== 'check') {
    await run('build', ['node_modules/typescript/bin/tsc', '-b']);
    await run('build of the console', ['apps/console/build.mjs']);
    await run('build of the verifier', ['apps/verifier/build.mjs']);
    await jest('unit and integration', ['-c', 'jest.config.mjs', '--maxWorkers', '3']);
    const endToEnd = ['-c', 'e2e/jest.config.mjs'];
    await jest('end to end', [...endToEnd, '--maxWorkers', '2', '--testPathIgnorePatterns', alone]);
    await jest('end to end, alone', [...endToEnd, '--runInBand', '--testPathPatterns', alone]);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
if (failures.length > 0) process.stdout.write(`\nfailed: ${failures.join(', ')}\n`);
if (values.only !== 'check') process.stdout.write(`\njest: ${totals.passed} passed, ${totals.failed} failed\n`);
process.exit(failures.length > 0 ? 1 : 0);
