import { describe, expect, test } from '@jest/globals';
import { RetryBudget } from './retry-budget.ts';

describe('a retry budget', () => {
  test('allows a burst, and then no more than its share of the requests', () => {
    const budget = new RetryBudget(0.2);
    let retries = 0;
    for (let request = 0; request < 1_000; request += 1) {
      budget.deposit();
      while (budget.withdraw()) retries += 1;
    }
    expect(retries).toBeGreaterThan(200);
    expect(retries).toBeLessThanOrEqual(210);
  });

  test('does not save up for a storm', () => {
    const budget = new RetryBudget(0.2);
    for (let request = 0; request < 1_000; request += 1) budget.deposit();
    let retries = 0;
    while (budget.withdraw()) retries += 1;
    expect(retries).toBe(10);
  });
});
