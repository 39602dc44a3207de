import { expect, test } from '@jest/globals';
import { limitsAsSentence, limitsInWords } from './limits.ts';

const free = { models: null, executionPolicy: 'any', ipAllowList: null, expiresAt: null } as const;
const budgets = { total: '25', month: '10', day: '0.50' };

test('a budget that only warns is never said to refuse, and one that refuses never to warn', () => {
  const limits = { ...free, budgets, softBudgets: ['day' as const], rpm: 60 };
  expect(limitsAsSentence(limits, 'UTC')).toBe(
    'This key may call every model, from anywhere, until you revoke it. It is refused beyond $25 in all, $10 a month, and 60 requests a minute. Beyond $0.50 a day it only warns.',
  );
  expect(limitsInWords(limits)).toEqual(['$25 in all', '$10 a month', 'warns at $0.50 a day', '60 requests a minute']);
  const soft = { ...free, budgets, softBudgets: ['total', 'month', 'day'] as ('total' | 'month' | 'day')[] };
  expect(limitsAsSentence(soft, 'UTC')).not.toContain('refused');
});

test('requests at a time are a limit as any other', () => {
  expect(limitsInWords({ ...free, concurrency: 1 })).toEqual(['1 request at a time']);
  expect(limitsAsSentence({ ...free, concurrency: 8 }, 'UTC')).toContain('It is refused beyond 8 requests at a time.');
});
