import type { BillingMode, ScopeStanding } from '@orgn/contracts';
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

/** Every limit of an admitted request, in the order in which they are drawn from. */
export function limitsOf({ admittedAtMs, lineageId, source, budgets }: Admission, billing: BillingMode): Limit[] {
  const at = new Date(admittedAtMs);
  const balance: Limit = { kind: 'balance', subject: '', ...windowAt('total', at), cap: undefined };
  const own = Object.entries(source === 'playground' ? {} : (budgets ?? {})) as [ScopeStanding['period'], string][];
  const lineage = own.map(([period, usd]): Limit => ({
    kind: 'lineage',
    subject: lineageId,
    ...windowAt(period, at),
    cap: toNanoUsd(usd),
  }));
  return [...(billing === 'prepaid' ? [balance] : []), ...lineage.sort((a, b) => (a.period < b.period ? -1 : 1))];
}

/** Names a limit within its team. */
export function limitKey({ kind, subject, period, startsAt }: Limit): string {
  return `${kind} ${subject} ${period} ${String(startsAt.getTime())}`;
}
