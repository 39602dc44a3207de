/**
 * What came of Jest's runs, out of the reports that `--json` writes: first of all suites, then again of those that failed.
 * Each test counts once, as passed when it passed in either run. One that did both is unsteady.
 */

/** More suites that fail are no chance: none of them is tried again. */
const MOST_AGAIN = 5;
/** How a suite is named that failed beside its tests: it did not load, or what it does after them failed. */
const WHOLE = '(the suite)';

/** @typedef {{ test: string, hasPassed: boolean, failure: string }} Result of a test, or of a suite beside its tests */

/** @param reports of the first run @returns paths of the suites that are worth another run */
export function suitesToTryAgain(reports) {
  const failed = reports.flatMap(({ testResults }) => testResults.filter(({ status }) => status === 'failed'));
  return failed.length > MOST_AGAIN ? [] : failed.map(({ name }) => name);
}

/** A run that came to nothing though no suite failed: Jest broke off, or wrote no report. */
export function isBroken({ status, report }) {
  return report === undefined || (status !== 0 && report.testResults.every((suite) => suite.status !== 'failed'));
}

/**
 * @param first reports of the first run
 * @param again reports of the suites that were tried again
 * @returns how many tests passed and failed, and the unsteady ones with their first failure. A suite that fails beside its
 *   tests counts as one test that failed
 */
export function verdict(first, again) {
  const seconds = new Map(
    again.flatMap(({ testResults }) => testResults.map((suite) => [suite.name, resultsOf(suite)])),
  );
  const total = { passed: 0, failed: 0, unsteady: [] };
  for (const suite of first.flatMap(({ testResults }) => testResults)) {
    const results = resultsOf(suite);
    const bothRuns = seconds.has(suite.name) ? paired(results, seconds.get(suite.name)) : results.map((one) => [one]);
    for (const runs of bothRuns) count(total, suite.name, runs);
  }
  return total;
}

function count(total, suite, runs) {
  const hasPassed = runs.some((run) => run.hasPassed);
  const failed = runs.find((run) => !run.hasPassed);
  // A suite that was whole is no test.
  if (hasPassed && runs[0].test !== WHOLE) total.passed += 1;
  if (!hasPassed) total.failed += 1;
  if (hasPassed && failed) total.unsteady.push({ suite, test: failed.test, failure: failed.failure });
}

/**
 * The runs of each test, together. Names may repeat, so it is the first with the first of a name.
 * @param {Result[]} first @param {Result[]} second
 * @returns {Result[][]}
 */
function paired(first, second) {
  const left = [...second];
  const pairs = first.map((result) => {
    const at = left.findIndex(({ test }) => test === result.test);
    return at < 0 ? [result] : [result, ...left.splice(at, 1)];
  });
  return [...pairs, ...left.map((result) => [result])];
}

/** @returns {Result[]} */
function resultsOf({ assertionResults, message, status }) {
  const ran = assertionResults.filter((one) => one.status === 'passed' || one.status === 'failed');
  const results = ran.map(({ fullName, status, failureMessages }) => ({
    test: fullName,
    hasPassed: status === 'passed',
    failure: failureMessages?.join('\n') ?? '',
  }));
  // Where tests failed, nothing is known of the rest.
  if (results.some(({ hasPassed }) => !hasPassed)) return results;
  const isWhole = status !== 'failed';
  return [...results, { test: WHOLE, hasPassed: isWhole, failure: isWhole ? '' : message }];
}
