import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  inspectKey,
  listBudgets,
  setBudget,
  showBalance,
  toTicketStub,
  verifyKey,
  type RequestId,
  type TeamId,
  type UserId,
} from '@orgn/contracts';
import { readStub, type Admission } from '@orgn/service-kit';
import { admissionSettings } from '@orgn/service-kit/settings';
import { startBackbone, TEST_ADMISSION_KEYS, type Backbone } from '@orgn/testing';
import { z } from 'zod';
import { makeKey, makePeppers } from '../keys/make.ts';
import { migrations } from '../migrations/index.ts';
import { keyRegistryService } from '../service.ts';

const admissionKeys = z.object(admissionSettings).parse({ ADMISSION_KEYS: TEST_ADMISSION_KEYS }).ADMISSION_KEYS;
const requestId = '01930000-0000-7000-8000-000000000001' as RequestId;
const owner = `user_${'2'.repeat(32)}` as UserId;
const other = `user_${'3'.repeat(32)}` as UserId;
const teamId = 'team_budgets' as TeamId;

let backbone: Backbone;

beforeAll(async () => {
  backbone = await startBackbone([{ name: 'key_registry', migrations }]);
  const parts = { schema: 'key_registry', more: { KEY_PEPPERS: makePeppers('test') } };
  for (const index of [1, 2]) await backbone.start(keyRegistryService, { instance: `key-registry-${index}`, ...parts });
});
afterAll(() => backbone.stop());

const set = (memberId: UserId | null, limit: string | null, isSoft = false) =>
  backbone.bus.ask(setBudget, { teamId, memberId, budget: limit === null ? null : { limit, isSoft } });
const verify = async (digest: string) => {
  const { ticket, isLimited, isWatched } = await backbone.bus.ask(verifyKey, { digest, requestId });
  const { teamBudget, memberBudget } = readStub(admissionKeys, toTicketStub(ticket ?? '')) as Admission;
  return { isLimited, isWatched, teamBudget, memberBudget };
};

describe('budgets of a team and its members', () => {
  test('are in the tickets of whoever they limit, from the reply on, and no more once lifted', async () => {
    const [mine, theirs] = [
      await makeKey(backbone.bus, { teamId, createdBy: owner }),
      await makeKey(backbone.bus, { teamId, createdBy: null }),
    ];
    const free = { isLimited: false, isWatched: false, teamBudget: null, memberBudget: null };
    expect(await verify(mine.digest)).toEqual(free);
    expect(await set(owner, '2.50')).toEqual({ before: null, after: { limit: '2.50', isSoft: false } });
    await set(other, '9');
    const memberBudget = { limit: '2.50', isSoft: false };
    expect(await verify(mine.digest)).toEqual({ ...free, isLimited: true, memberBudget });
    expect(await verify(theirs.digest)).toEqual(free);
    await set(null, '100', true);
    const teamBudget = { limit: '100', isSoft: true };
    expect(await verify(theirs.digest)).toEqual({ ...free, isWatched: true, teamBudget });
    expect(await backbone.bus.ask(listBudgets, { teamId })).toEqual({
      keysSeeBalance: false,
      team: teamBudget,
      members: [
        { userId: owner, budget: memberBudget },
        { userId: other, budget: { limit: '9', isSoft: false } },
      ],
    });
    expect(await set(owner, null)).toEqual({ before: memberBudget, after: null });
    await set(null, null);
    expect(await verify(mine.digest)).toEqual(free);
  });
});

test('keys see the balance only where their team lets them', async () => {
  const { digest } = await makeKey(backbone.bus, { teamId });
  const sees = async () => (await backbone.bus.ask(inspectKey, { digest })).seesBalance;
  expect(await sees()).toBe(false);
  expect(await backbone.bus.ask(showBalance, { teamId, isShown: true })).toEqual({ wasShown: false });
  expect(await sees()).toBe(true);
  await backbone.bus.ask(showBalance, { teamId, isShown: false });
  expect(await sees()).toBe(false);
});
