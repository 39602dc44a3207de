import { describe, expect, it } from '@jest/globals';
import { isBroken, suitesToTryAgain, verdict } from './verdict.mjs';

/** As Jest writes it. @param tests names with their statuses */
const suite = (name, tests, { message = '' } = {}) => ({
  name,
  message,
  status: message || Object.values(tests).includes('failed') ? 'failed' : 'passed',
  assertionResults: Object.entries(tests).map(([fullName, status]) => ({
    fullName,
    status,
    failureMessages: status === 'failed' ? [`${fullName} failed`] : [],
  })),
});
const report = (...testResults) => ({ testResults });
const green = suite('green', { one: 'passed', two: 'passed', three: 'pending', four: 'todo' });
const numbered = (count) => Array.from({ length: count }, (_, index) => suite(`red ${index}`, { one: 'failed' }));

describe('the verdict', () => {
  it('counts what passed and what failed, over all reports, and nothing that was left out', () => {
    const first = [report(green), report(suite('red', { a: 'passed', b: 'failed' }))];
    expect(verdict(first, [])).toEqual({ passed: 3, failed: 1, unsteady: [] });
  });

  it('counts a test once that failed and then passed, as passed, and names it with its first failure', () => {
    const first = [report(green, suite('red', { a: 'passed', b: 'failed' }))];
    const again = [report(suite('red', { a: 'passed', b: 'passed' }))];
    const unsteady = [{ suite: 'red', test: 'b', failure: 'b failed' }];
    expect(verdict(first, again)).toEqual({ passed: 4, failed: 0, unsteady });
  });

  it('counts a test once that failed twice, as failed', () => {
    const both = [report(suite('red', { a: 'passed', b: 'failed' }))];
    expect(verdict(both, both)).toEqual({ passed: 1, failed: 1, unsteady: [] });
  });

  it('lets no test pass because another one of the suite did', () => {
    const first = [report(suite('red', { a: 'failed', b: 'failed' }))];
    const again = [report(suite('red', { a: 'passed', b: 'failed' }))];
    expect(verdict(first, again)).toMatchObject({ passed: 1, failed: 1, unsteady: [{ test: 'a' }] });
  });

  it('tells tests of one name apart by their order', () => {
    const twice = (...statuses) => ({
      ...suite('red', {}),
      status: 'failed',
      assertionResults: statuses.map((status) => ({ fullName: 'same', status, failureMessages: [] })),
    });
    expect(verdict([report(twice('failed', 'passed'))], [report(twice('failed', 'passed'))])).toMatchObject({
      passed: 1,
      failed: 1,
    });
  });

  it('counts a suite that does not load as one failure, and when it loads then, its tests', () => {
    const unloaded = report(suite('red', {}, { message: 'Cannot find module' }));
    expect(verdict([unloaded], [unloaded])).toEqual({ passed: 0, failed: 1, unsteady: [] });
    expect(verdict([unloaded], [])).toEqual({ passed: 0, failed: 1, unsteady: [] });
    expect(verdict([unloaded], [report(suite('red', { a: 'passed', b: 'passed' }))])).toEqual({
      passed: 2,
      failed: 0,
      unsteady: [{ suite: 'red', test: '(the suite)', failure: 'Cannot find module' }],
    });
  });

  it('counts what fails after the tests of a suite beside them', () => {
    const dirty = report(suite('red', { a: 'passed' }, { message: 'a port is still open' }));
    expect(verdict([dirty], [dirty])).toEqual({ passed: 1, failed: 1, unsteady: [] });
  });

  it('keeps a failure whose second run did not come so far', () => {
    const first = [report(suite('red', { a: 'passed', b: 'failed' }))];
    const unloaded = [report(suite('red', {}, { message: 'out of memory' }))];
    expect(verdict(first, unloaded)).toMatchObject({ passed: 1, failed: 2 });
    const dirty = report(suite('red', { a: 'passed', b: 'passed' }, { message: 'a port is still open' }));
    expect(verdict(first, [dirty])).toMatchObject({ passed: 2, failed: 1 });
  });
});

describe('another run', () => {
  it('is worth it for up to five suites, and for none of more', () => {
    expect(suitesToTryAgain([report(green), report(...numbered(5))])).toHaveLength(5);
    expect(suitesToTryAgain([report(green, ...numbered(2)), report(...numbered(4))])).toEqual([]);
    expect(suitesToTryAgain([report(green)])).toEqual([]);
  });

  it('does not make good a run without a report, or one that failed though no suite did', () => {
    expect(isBroken({ status: 1, report: undefined })).toBe(true);
    expect(isBroken({ status: 0, report: undefined })).toBe(true);
    expect(isBroken({ status: 1, report: report(green) })).toBe(true);
    expect(isBroken({ status: 1, report: report(...numbered(1)) })).toBe(false);
    expect(isBroken({ status: 0, report: report(green) })).toBe(false);
  });
});
