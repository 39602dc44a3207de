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
  const balance = {
    kind: 'balance',
    subject: '',
    cap: undefined,
    ...windowAt('total', admittedAt(admission)),
  } as const;
  const budgets = [...lineageBudgets(admission), ...monthlyBudgets(admission)];
  const limitsWhere = (isSoft: boolean) => budgets.filter((each) => each.isSoft === isSoft).map(({ limit }) => limit);
  return { hard: [...(billing === 'prepaid' ? [balance] : []), ...limitsWhere(false)], soft: limitsWhere(true) };
}

interface Budget {
  limit: Limit;
  isSoft: boolean;
}

/** Of the key's rotation family. No key takes part in what is tried in the playground. */
function lineageBudgets(admission: Admission): Budget[] {
  const { source, budgets, softBudgets, lineageId } = admission;
  if (source === 'playground' || budgets === null) return [];
  return (['day', 'month', 'total', 'week'] as const).flatMap((period) => {
    const usd = budgets[period];
    if (usd === undefined) return [];
    const window = windowAt(period, admittedAt(admission));
    const limit: Limit = { kind: 'lineage', subject: lineageId, ...window, cap: toNanoUsd(usd) };
    return [{ limit, isSoft: softBudgets.includes(period) }];
  });
}

/** Of whoever's request it is, and of the team. */
function monthlyBudgets(admission: Admission): Budget[] {
  const { ownerId, memberBudget, teamBudget } = admission;
  const window = windowAt('month', admittedAt(admission));
  const toBudget = (kind: 'member' | 'team', subject: string, budget: MonthlyBudget | null): Budget[] =>
    budget ? [{ limit: { kind, subject, ...window, cap: toNanoUsd(budget.limit) }, isSoft: budget.isSoft }] : [];
  return [...(ownerId === null ? [] : toBudget('member', ownerId, memberBudget)), ...toBudget('team', '', teamBudget)];
}

function admittedAt({ admittedAtMs }: Admission): Date {
  return new Date(admittedAtMs);
}

/** Names a limit within its team. */
export function limitKey({ kind, subject, period, startsAt }: Limit): string {
  return `${kind} ${subject} ${period} ${String(startsAt.getTime())}`;
}
