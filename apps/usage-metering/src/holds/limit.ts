import type { BillingMode, MonthlyBudget, ScopeStanding } from '@orgn/contracts';
import { toNanoUsd } from '@orgn/pricing';
import type { Admission } from '@orgn/service-kit';
import { windowAt } from './window.ts';

/** What limits the spending of a request: a scope, by its window at the time of admission. */
export interface Limit {
  kind: ScopeStanding['kind'];
  /** Whose it is besides the team's: a lineage, a member. */
  subject: string;
  period: ScopeStanding['period'];
  startsAt: Date;
  /** Nano-USD; undefined: what the books say, of a balance. */
  cap: bigint | undefined;
}

/** What limits a request, and what only warns of it, each in the order in which it is drawn from. */
export interface Limits {
  hard: readonly Limit[];
  soft: readonly Limit[];
}

/** Every limit of an admitted request. */
export function limitsOf(admission: Admission, billing: BillingMode): Limits {
  const at = new Date(admission.admittedAtMs);
  const [hard, soft]: [Limit[], Limit[]] = [[], []];
  if (billing === 'prepaid') hard.push({ kind: 'balance', subject: '', ...windowAt('total', at), cap: undefined });
  for (const [limit, isSoft] of [...lineageBudgets(admission, at), ...monthlyBudgets(admission, at)])
    (isSoft ? soft : hard).push(limit);
  return { hard, soft };
}

type Budget = [limit: Limit, isSoft: boolean];

const PERIODS = ['day', 'month', 'total', 'week'] as const;

/** Of the key's rotation family. No key takes part in what is tried in the playground. */
function lineageBudgets({ source, budgets, softBudgets, lineageId }: Admission, at: Date): Budget[] {
  const found: Budget[] = [];
  if (source === 'playground' || budgets === null) return found;
  for (const period of PERIODS) {
    const usd = budgets[period];
    if (usd === undefined) continue;
    const limit: Limit = { kind: 'lineage', subject: lineageId, ...windowAt(period, at), cap: toNanoUsd(usd) };
    found.push([limit, softBudgets.includes(period)]);
  }
  return found;
}

/** Of whoever's request it is, and of the team. */
function monthlyBudgets({ ownerId, memberBudget, teamBudget }: Admission, at: Date): Budget[] {
  const found: Budget[] = [];
  const add = (kind: 'member' | 'team', subject: string, { limit, isSoft }: MonthlyBudget) =>
    found.push([{ kind, subject, ...windowAt('month', at), cap: toNanoUsd(limit) }, isSoft]);
  if (ownerId !== null && memberBudget !== null) add('member', ownerId, memberBudget);
  if (teamBudget !== null) add('team', '', teamBudget);
  return found;
}

/** Names a limit within its team. */
export function limitKey({ kind, subject, period, startsAt }: Limit): string {
  return `${kind} ${subject} ${period} ${String(startsAt.getTime())}`;
}
