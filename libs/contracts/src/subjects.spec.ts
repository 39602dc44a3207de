import { describe, expect, test } from '@jest/globals';
import * as contracts from './index.ts';

interface Named {
  kind: 'request' | 'survey' | 'event' | 'broadcast';
  subject: string;
}

const isContract = (value: unknown): value is Named =>
  typeof value === 'object' && value !== null && 'subject' in value && 'kind' in value;
const all = Object.values(contracts as Record<string, unknown>).filter(isContract);

describe('subjects', () => {
  test('are unique, because two handlers on one subject would answer each other', () => {
    const subjects = all.map((contract) => contract.subject);
    expect(new Set(subjects).size).toBe(subjects.length);
  });

  test.each(all)('$subject lies in the namespace of its kind', ({ kind, subject }) => {
    const pattern = {
      event: /^events\.[a-z]+\.[a-z]+ed$/,
      broadcast: /^broadcast\.[a-z]+\.[a-z]+ed$/,
      request: /^(?!events\.|broadcast\.)[a-z]+\.[a-z]+$/,
      survey: /^(?!events\.|broadcast\.)[a-z]+\.[a-z]+$/,
    }[kind];
    expect(subject).toMatch(pattern);
  });
});
