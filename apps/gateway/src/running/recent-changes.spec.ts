import { expect, test } from '@jest/globals';
import { RecentChanges } from './recent-changes.ts';

test('knows what changed since a moment, by any of the ids', () => {
  const changes = new RecentChanges();
  changes.note(['key_1', 'team_1'], 100);
  expect(changes.hasAny(['key_2', 'team_1'], 100)).toBe(true);
  expect(changes.hasAny(['key_1'], 101)).toBe(false);
  expect(changes.hasAny(['key_2'], 0)).toBe(false);
});

test('forgets what no question under way can have missed', () => {
  const changes = new RecentChanges();
  changes.note(['key_1'], 0);
  changes.note(['key_2'], 10_001);
  expect(changes.hasAny(['key_1'], 0)).toBe(false);
  expect(changes.hasAny(['key_2'], 0)).toBe(true);
});
