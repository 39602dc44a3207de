import { z } from 'zod';
import { nanoUsd } from './billing.ts';
import { MAX_ENTRIES, shortText } from './bounds.ts';
import { request } from './contract.ts';
import { teamId, userId } from './ids.ts';
import { usdAmount } from './keys/key-restrictions.ts';

/** What a team, or one of its members, may spend in a calendar month (UTC). */
export const monthlyBudget = z.object({
  limit: usdAmount,
  /** It only warns: what goes beyond it is answered all the same. */
  isSoft: z.boolean(),
});
export type MonthlyBudget = z.output<typeof monthlyBudget>;

/** A member's budget, whatever keys they own and whatever they try in the playground. */
const memberBudget = z.object({ userId, budget: monthlyBudget });

/** Members who can have a budget in one team. */
export const MAX_MEMBER_BUDGETS = 5_000;

/** The budgets of a team and of its members. */
export const listBudgets = request('budgets.list', {
  askedBy: ['auth'],
  answeredBy: ['key-registry'],
  request: z.object({ teamId }),
  reply: z.object({
    team: monthlyBudget.nullable(),
    members: z.array(memberBudget).max(MAX_MEMBER_BUDGETS),
    /** Whether the team's keys may ask for its balance. */
    keysSeeBalance: z.boolean().default(false),
  }),
  errors: [],
  timeoutMs: 5_000,
});

/** Sets or lifts the budget of a team, or of one of its members; requests that are admitted once the reply has arrived go by it. */
export const setBudget = request('budgets.set', {
  askedBy: ['auth'],
  answeredBy: ['key-registry'],
  request: z.object({ teamId, memberId: userId.nullable(), budget: monthlyBudget.nullable() }),
  reply: z.object({ before: monthlyBudget.nullable(), after: monthlyBudget.nullable() }),
  errors: ['request_conflict'],
  timeoutMs: 5_000,
});

/** Lets a team's keys ask for its balance, or no more; true of every key when the reply has arrived. */
export const showBalance = request('balances.show', {
  askedBy: ['auth'],
  answeredBy: ['key-registry'],
  request: z.object({ teamId, isShown: z.boolean() }),
  reply: z.object({ wasShown: z.boolean() }),
  errors: [],
  timeoutMs: 5_000,
});

/** What was spent and is held in a month. */
const monthlySpend = z.object({ spentNanoUsd: nanoUsd, heldNanoUsd: nanoUsd });

/** What a team and some of its members have spent this month (UTC), by the books, and what budgets of theirs hold. */
export const tellMonth = request('spend.month', {
  isHedged: true,
  askedBy: ['auth', 'gateway'],
  answeredBy: ['usage-metering'],
  request: z.object({ teamId, memberIds: z.array(userId).max(MAX_MEMBER_BUDGETS) }),
  reply: z.object({
    team: monthlySpend,
    members: z.array(monthlySpend.extend({ userId })).max(MAX_ENTRIES),
    /** When the next month begins. */
    resetsAt: shortText,
  }),
  errors: [],
  timeoutMs: 5_000,
});
