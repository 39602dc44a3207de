import type {
  BudgetWindow,
  ExecutionPolicy,
  KeyBudgets,
  KeyId,
  MonthlyBudget,
  RequestId,
  TeamId,
  UsageSource,
  UserId,
} from '@orgn/contracts';

/** What a ticket says: for which request which key was presented, what it may do, and when the database said so. */
export interface Admission {
  requestId: RequestId;
  keyId: KeyId;
  teamId: TeamId;
  /** Whose key it is; null: the operator's. */
  ownerId: UserId | null;
  lineageId: KeyId;
  /** `playground`: it is no key but a grant, good for this one request. */
  source: UsageSource;
  /** Database time, milliseconds since 1970. What is charged, counted in windows and priced goes by it. */
  admittedAtMs: number;
  executionPolicy: ExecutionPolicy;
  /** What the team demands of enclaves, as `x-ollm-require` says it; null: nothing beyond what the deployment does. */
  teeDemands: string | null;
  budgets: KeyBudgets | null;
  /** Those of them that only warn, in the order of their names. */
  softBudgets: readonly BudgetWindow[];
  teamBudget: MonthlyBudget | null;
  /** The owner's. */
  memberBudget: MonthlyBudget | null;
  /** Requests and tokens a minute. */
  rpm: number | null;
  tpm: number | null;
  /** Requests at a time. */
  concurrency: number | null;
}

/** How long a period of admission is: a router takes tickets of the current one and of the one before. */
export const PERIOD_MS = 60_000;

/** The number of the period that a moment of database time lies in. */
export function periodOf(databaseMs: number): number {
  return Math.floor(databaseMs / PERIOD_MS);
}
