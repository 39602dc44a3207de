import { describe, expect, test } from '@jest/globals';
import { ends } from './long-run.mjs';
import { parseStat } from './processes.mjs';
import { barsOf, pacedTable, rateTable } from './report.mjs';
import { median, percentile, summarize } from './statistics.mjs';

const row = (target, mode, rate, more = {}) => ({
  ...{ target, mode, connections: 32, rate, cpu: 100, p50: 1_000, p99: 2_000, memory: 10, spread: 0, bad: 0 },
  ...more,
});
const paced = (target, first50, first99, bad = 0) => ({ target, connections: 128, first50, first99, cpu: 1, bad });
const verdicts = (results) => barsOf(results).map(({ isMet }) => isMet);

describe('bars', () => {
  test('are ratios to Portkey in the same run, met from the limit on', () => {
    const ours = (json, sse) => [row('ours', 'json', json), row('ours', 'sse', sse)];
    const portkey = [row('portkey', 'json', 100), row('portkey', 'sse', 100)];
    expect(verdicts({ rates: [...portkey, ...ours(250, 150)] })).toEqual([true, true]);
    expect(verdicts({ rates: [...portkey, ...ours(249, 149)] })).toEqual([false, false]);
  });

  test('of paced streams count what is added to the upstream itself', () => {
    expect(verdicts({ paced: [paced('direct', 500, 900), paced('ours', 2_500, 8_900)] })).toEqual([true, true]);
    expect(verdicts({ paced: [paced('direct', 500, 900), paced('ours', 2_501, 8_901)] })).toEqual([false, false]);
  });

  test('are not met by wrong answers, however fast', () => {
    const rates = [row('portkey', 'json', 1), row('ours', 'json', 1_000, { bad: 1 })];
    expect(verdicts({ rates, paced: [paced('direct', 1, 1), paced('ours', 1, 1, 1)] })).toEqual([false, false, false]);
  });

  test('of memory allow a tenth more over all processes', () => {
    const memory = [
      { name: 'a', early: 100, late: 130 },
      { name: 'b', early: 100, late: 90 },
    ];
    expect(verdicts({ memory })).toEqual([true]);
    expect(verdicts({ memory: [{ name: 'a', early: 100, late: 111 }] })).toEqual([false]);
  });

  test('of what an answer costs are ratios to the other checkout, less for plain than for encrypted', () => {
    const rates = (plain, ours) => [
      row('before', 'json', 1),
      row('plain', 'json', 1, { cpu: plain }),
      row('ours', 'json', 1, { cpu: ours }),
    ];
    expect(verdicts({ rates: rates(105, 110) })).toEqual([true, true]);
    expect(verdicts({ rates: rates(106, 111) })).toEqual([false, false]);
  });

  test('say nothing about what was not measured', () => {
    expect(barsOf({ rates: [row('ours', 'json', 1)], paced: [paced('ours', 1, 1)] })).toEqual([]);
  });
});

test('tables compare with the row of the same load only', () => {
  const rates = [row('floor', 'json', 1_000), row('floor', 'sse', 10), row('ours', 'json', 500, { p50: 3_000 })];
  const [, , , , last] = rateTable([...rates]).split('\n');
  expect(last).toContain('| ours | json | 32 | 500 | 0.50 |');
  expect(
    pacedTable([paced('direct', 500, 500), paced('ours', 2_000, 4_500)])
      .split('\n')
      .at(-1),
  ).toContain('| 1.5 | 4.0 |');
});

test('a summary is the medians of all bursts, the sum of what was bad, and the spread of the rates', () => {
  const bursts = [100, 120, 90].map((rate, bad) => ({ rate, bad, p50: rate }));
  expect(summarize(bursts)).toEqual({ rate: 100, p50: 100, bad: 3, spread: 0.3 });
  expect([median([4, 1, 3, 2]), percentile([4, 1, 3, 2], 0.5), percentile([], 0.5)]).toEqual([2, 3, Number.NaN]);
});

test('a long run compares its second fifth with its last', () => {
  expect(ends([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])).toEqual({ early: 3, late: 9 });
});

test('a process may be called anything', () => {
  const fields = ['S', '7', ...Array.from({ length: 9 }, () => '0'), '30', '12'].join(' ');
  expect(parseStat(`42 (a) b (c) ${fields}`)).toEqual({ parent: 7, ticks: 42 });
});
