import { expect, test } from '@jest/globals';
import { summarizeUsage } from '@orgn/contracts';
import { parseFlags, toList, toNumber, toTime } from './flag-values.ts';

const parse = (team: string | undefined, since?: string) =>
  parseFlags(summarizeUsage.request, { teamId: team, since: toTime(since) }, { teamId: 'team', since: 'since' });

test('a date alone means its first moment in UTC', () => {
  expect(parse('team_demo', '2027-01-31').since).toBe('2027-01-31T00:00:00Z');
  expect(parse('team_demo', '2027-01-31T10:00:00+02:00').since).toBe('2027-01-31T10:00:00+02:00');
  expect(parse('team_demo').since).toBeNull();
});

test.each([
  [undefined, undefined, '--team is missing'],
  ['Acme', undefined, '--team is not valid'],
  ['team_demo', 'tomorrow', '--since is not valid: must be a time such as'],
  ['team_demo', '2027-02-30', '--since is not valid'],
])('team %s since %s: names the flag at fault', (team, since, fault) => {
  expect(() => parse(team, since)).toThrow(fault);
});

test('a list is separated by commas, and only digits are a number', () => {
  expect(toList('a, b,c')).toEqual(['a', 'b', 'c']);
  expect(['60', '6e1', '-1', ''].map(toNumber)).toEqual([60, '6e1', '-1', '']);
  expect([toList(undefined), toNumber(undefined)]).toEqual([undefined, undefined]);
});
