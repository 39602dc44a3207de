import { describe, expect, test } from '@jest/globals';
import type { UserId } from '@orgn/contracts';
import type { EntityManager } from 'typeorm';
import type { AuthConfig } from '../config.ts';
import type { AuthDatabase } from '../database/auth-database.ts';
import { DailyLimits } from './daily-limits.ts';

/** Limits that are used up, so many seconds before the day ends. */
const usedUp = (secondsLeft: string) => {
  const answers = [[], [{ seconds: secondsLeft }]];
  const manager = { query: () => Promise.resolve(answers.shift()) } as unknown as EntityManager;
  const database = { query: <T>(work: (manager: EntityManager) => Promise<T>) => work(manager) };
  return new DailyLimits(database as AuthDatabase, { MAX_TEAMS_PER_PERSON_PER_DAY: 1 } as AuthConfig);
};

describe('whoever has used up a day', () => {
  test.each([
    ['86399.5', 86_400],
    ['2.000001', 3],
    ['1', 1],
    ['0.000001', 1],
    ['0', 1],
  ])('%s s before its end hears to come back in %i s: not before it ends, and never at once', async (left, seconds) => {
    await expect(usedUp(left).countTeam('user_1' as UserId)).rejects.toMatchObject({
      code: 'rate_limit_exceeded',
      seconds,
    });
  });
});
