import { describe, expect, test } from '@jest/globals';
import * as contracts from './index.ts';
import { allContracts } from './all-contracts.ts';

describe('the list of all contracts', () => {
  test('leaves none out: what is not on it nobody may say', () => {
    const isContract = (value: unknown) =>
      typeof value === 'object' && value !== null && 'subject' in value && 'kind' in value;
    const exported = Object.values(contracts as Record<string, unknown>).filter(isContract);
    expect(new Set(allContracts)).toEqual(new Set(exported));
  });
});

describe('subjects', () => {
  test('are unique, because two handlers on one subject would answer each other', () => {
    const subjects = allContracts.map((contract) => contract.subject);
    expect(new Set(subjects).size).toBe(subjects.length);
  });

  test.each(allContracts)('$subject lies in the namespace of its kind', ({ kind, subject }) => {
    const pattern = {
      event: /^events\.[a-z]+\.[a-z]+ed(\.[a-z]+)?$/,
      broadcast: /^broadcast\.[a-z]+(\.[a-z]+ed)?$/,
      request: /^(?!(events|broadcast|ops)\.)[a-z]+\.[a-z]+$/,
      survey: /^(?!(events|broadcast|ops)\.)[a-z]+\.[a-z]+$/,
    }[kind];
    expect(subject).toMatch(pattern);
  });
});

describe('parties', () => {
  /** The console's operator pages read, suspend and resume; what else operators ask nobody asks for them. */
  const shared = [
    'alerts.list',
    'measurements.decide',
    'measurements.list',
    'statements.tell',
    'balances.tell',
    'keys.list',
    'keys.owned',
    'teams.list',
    'teams.suspend',
    'teams.resume',
    'usage.list',
    'usage.summarize',
  ];

  test('operators’ questions are askable by nobody else, but for what the console shows and brakes', () => {
    const asked = allContracts.filter((contract) => contract.kind === 'request');
    for (const { subject, askedBy } of asked.filter((contract) => contract.askedBy.includes('operator'))) {
      const others = askedBy.filter((party) => party !== 'operator');
      expect([subject, others]).toEqual([subject, shared.includes(subject) ? ['auth'] : []]);
    }
  });
});
