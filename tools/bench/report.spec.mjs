import { describe, expect, test } from '@jest/globals';
import { costOf } from './ablation/run-ablation.mjs';
import { ablationTable } from './ablation/ablation-table.mjs';
import { barsOf, limits } from './bars.mjs';
import { parseStat } from './processes.mjs';
import { pacedTable, rateTable } from './report.mjs';
import { ends } from './soak.mjs';
import { median, percentile, summarize } from './statistics.mjs';

const row = (target, mode, rate, more = {}) => ({
  ...{ target, mode, connections: 32, rate, cpu: 100, p50: 1_000, p99: 2_000, memory: 10, spread: 0, bad: 0 },
  ...more,
});
const paced = (target, first50, first99, bad = 0) => ({
  ...{ target, mode: 'paced', connections: 128, first50, first99, cpu: 1, bad },
});
const verdicts = (results) => barsOf(results).map(({ isMet }) => isMet);

describe('bars', () => {
  test('of rates are ratios to the floor and to Portkey in the same run, met from the limit on', () => {
    const [bar] = limits.rates;
    const others = [row('portkey', 'json', 100), row('floor', 'json', 1_000)];
    const ours = (cpu, rate) => ({ rates: [...others, row('ours', 'json', rate, { cpu })] });
    expect(verdicts(ours(100 * bar.floor, 100 * bar.portkey))).toEqual([true, true]);
    expect(verdicts(ours(100 * bar.floor + 1, 100 * bar.portkey - 1))).toEqual([false, false]);
  });

  test('of peers count answers a second, and miss nothing for a peer that is not there', () => {
    const ours = row('ours', 'json', 1_200);
    expect(verdicts({ rates: [ours, row('one-api', 'json', 100), row('litellm', 'json', 31)] })).toEqual([false, true]);
    expect(verdicts({ rates: [ours] })).toEqual([]);
  });

  test('of paced streams count what is added to the upstream itself', () => {
    expect(verdicts({ paced: [paced('direct', 500, 900), paced('ours', 2_500, 8_900)] })).toEqual([true, true]);
    expect(verdicts({ paced: [paced('direct', 500, 900), paced('ours', 2_501, 8_901)] })).toEqual([false, false]);
  });

  test('are not met by wrong answers, however fast', () => {
    const rates = [row('portkey', 'json', 1), row('ours', 'json', 1_000, { bad: 1 })];
    expect(verdicts({ rates, paced: [paced('direct', 1, 1), paced('ours', 1, 1, 1)] })).toEqual([false, false, false]);
  });

  test('of memory look at the largest service, at the five together and at what keeps them running', () => {
    const resident = { idle: { gateway: 130, auth: 131 }, loaded: 1_101, keepers: 80 };
    expect(barsOf({ resident }).map(({ found, isMet }) => [found, isMet])).toEqual([
      ['131 MB', false],
      ['1101 MB', false],
      ['80 MB', true],
    ]);
  });

  test('of live heap allow what measuring itself takes', () => {
    const heap = [
      { name: 'small', early: 10, late: 12 },
      { name: 'large', early: 100, late: 105 },
      { name: 'leaking', early: 100, late: 106 },
    ];
    expect(verdicts({ heap })).toEqual([true, true, false]);
  });

  test('of growth are ratios of what an answer costs', () => {
    const grown = (kind, to) => ({ kind, what: kind, from: 100, to });
    expect(verdicts({ growth: [grown('keys', 110), grown('gateways', 116), grown('teams', 150)] })).toEqual([
      true,
      false,
      true,
    ]);
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

describe('an ablation', () => {
  const taken = (...cpus) => cpus.map((cpu) => ({ cpu, bad: 0, parts: [{ name: 'edge', us: cpu }] }));

  test('takes what a layer adds round by round, so that a slow round disturbs it no more than the others', () => {
    const rounds = [taken(50, 80), taken(100, 130), taken(60, 95)];
    expect(costOf(rounds, 1)).toMatchObject({ cpu: 95, added: 30, least: 30, most: 35, bad: 0 });
    expect(costOf(rounds, 0)).toMatchObject({ cpu: 60, added: 60 });
  });

  test('says in its table when answers were wrong', () => {
    const cost = { cpu: 10, added: -2, least: -3, most: 1, bad: 4 };
    const table = ablationTable([{ name: 'x', adds: 'y', json: { ...cost, bad: 0 }, sse: cost }]);
    expect(table).toContain('| x | y | 10 | -2 | -3 to +1 | 10 | -2 | -3 to +1, 4 BAD |');
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
