import { MAX_MEMBER_BUDGETS, nanoUsd, shortText, teamId, usdAmount, userId } from '@orgn/contracts';
import { z } from 'zod';
import { consoleRoute } from '../route.ts';
import { person } from './person.ts';
import { usdInput } from './usd.ts';

/** A budget by the month (UTC), and how it stands. Sums are nano-USD (1e-9 USD) as decimal strings. */
export const monthlyStanding = z.object({
  /** Decimal USD; null: none is set. */
  limit: usdAmount.nullable(),
  /** It only warns: what goes beyond it is answered all the same. */
  isSoft: z.boolean(),
  spentNanoUsd: nanoUsd,
  heldNanoUsd: nanoUsd,
});
export type MonthlyStanding = z.output<typeof monthlyStanding>;

const body = z.strictObject({
  /** Null lifts it. */
  budget: z.strictObject({ limit: usdInput, isSoft: z.boolean().default(false) }).nullable(),
});
const tag = 'budgets';
const errors = ['not_found', 'not_permitted', 'request_conflict', 'reauthentication_required'] as const;

export const budgetRoutes = {
  list: consoleRoute('listBudgets', {
    method: 'GET',
    path: '/api/teams/{teamId}/budgets',
    tag,
    summary:
      'What the team and its members may spend this month, and what they have spent. Members see their own; those of keys are with the keys.',
    params: z.strictObject({ teamId }),
    reply: z.object({
      /** Null to members. */
      team: monthlyStanding.nullable(),
      /** Those who have a budget, and the caller. */
      members: z.array(monthlyStanding.extend({ member: person })).max(MAX_MEMBER_BUDGETS + 1),
      resetsAt: shortText,
      /** Whether the team’s keys may read its balance at `/v1/credits`. */
      keysSeeBalance: z.boolean(),
    }),
    errors: ['not_found', 'not_permitted'],
    access: { who: 'signed_in', action: 'usage.read' },
  }),
  setTeam: consoleRoute('setTeamBudget', {
    method: 'PATCH',
    path: '/api/teams/{teamId}/budget',
    tag,
    summary: 'Sets what the team may spend in a month, playground included. Requests that come from then on go by it.',
    params: z.strictObject({ teamId }),
    body,
    reply: monthlyStanding,
    errors,
    access: { who: 'signed_in', action: 'billing.update', isStepUp: true },
    audit: 'team.budget_set',
  }),
  showBalance: consoleRoute('showBalance', {
    method: 'PATCH',
    path: '/api/teams/{teamId}/balance',
    tag,
    summary: 'Says whether the team’s keys may read its balance at `/v1/credits`.',
    params: z.strictObject({ teamId }),
    body: z.strictObject({ keysSeeBalance: z.boolean() }),
    reply: z.object({ keysSeeBalance: z.boolean() }),
    errors: ['not_found', 'not_permitted', 'reauthentication_required'],
    access: { who: 'signed_in', action: 'billing.update', isStepUp: true },
    audit: 'team.balance_shown',
  }),
  setMember: consoleRoute('setMemberBudget', {
    method: 'PATCH',
    path: '/api/teams/{teamId}/members/{userId}/budget',
    tag,
    summary: 'Sets what a member may spend in a month: with keys that they own, and in the playground.',
    params: z.strictObject({ teamId, userId }),
    body,
    reply: monthlyStanding.extend({ member: person }),
    errors,
    access: { who: 'signed_in', action: 'members.update', isStepUp: true },
    audit: 'member.budget_set',
  }),
};
