import type { RequestId } from '@orgn/contracts';
import { mintTicket, type AdmissionKeys, type SpendingLimits } from '@orgn/service-kit';
import type { KeyJudgement } from './keys.repository.ts';

/** The ticket of a request that an accepted key was presented for: what the key is now, at the database's time. */
export function toTicket(keys: AdmissionKeys, requestId: RequestId, key: KeyJudgement): string {
  const { id: keyId, teamId, ownerId, lineageId, executionPolicy, rpm, tpm } = key;
  const { budgets, softBudgets, teamBudget, memberBudget, concurrency, teeDemands } = key;
  const admission = {
    source: 'api',
    requestId,
    keyId,
    teamId,
    ownerId,
    lineageId,
    admittedAtMs: key.judgedAt.getTime(),
  } as const;
  const limits = { budgets, softBudgets, teamBudget, memberBudget, rpm, tpm, concurrency, teeDemands };
  return mintTicket(keys, { ...admission, executionPolicy, ...limits }, key.models);
}

/** Whether somebody has to count by what limits a request, and whether by what only warns. */
export function countingOf(limits: SpendingLimits & Pick<KeyJudgement, 'rpm' | 'tpm'>): {
  isLimited: boolean;
  isWatched: boolean;
} {
  const { budgets, softBudgets, teamBudget, memberBudget, rpm, tpm, concurrency } = limits;
  const soft = new Set<string>(softBudgets);
  const isSoft = [
    ...Object.keys(budgets ?? {}).map((window) => soft.has(window)),
    ...[teamBudget, memberBudget].flatMap((budget) => (budget ? [budget.isSoft] : [])),
  ];
  const isRated = [rpm, tpm, concurrency].some((limit) => limit !== null);
  return { isLimited: isRated || isSoft.includes(false), isWatched: isSoft.includes(true) };
}
