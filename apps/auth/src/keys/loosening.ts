import type { KeyBudgets, KeyRestrictions } from '@orgn/contracts';

/** What a key may do, as far as a change of it can widen that. */
export type Limits = KeyRestrictions & { expiresAt: string | null };
/** What is absent or undefined stays. */
export type LimitChanges = { [Name in keyof Limits]?: Limits[Name] | undefined };

/**
 * Whether a change lets a key do anything that it could not do before. In doubt it does: a narrower range inside an allowed
 * one counts as another range.
 */
export function isLoosening(before: Limits, changes: LimitChanges): boolean {
  const said = Object.entries(changes).filter(([, value]) => value !== undefined);
  const after = { ...before, ...Object.fromEntries(said) } as Limits;
  return (
    (before.executionPolicy === 'tee_only' && after.executionPolicy === 'any') ||
    isWiderList(before.models, after.models) ||
    isWiderList(before.ipAllowList, after.ipAllowList) ||
    (['rpm', 'tpm', 'concurrency'] as const).some((limit) => isHigher(before[limit], after[limit])) ||
    isHigher(timeOf(before.expiresAt), timeOf(after.expiresAt)) ||
    hasWiderBudget(before, after)
  );
}

function isWiderList(before: readonly string[] | null, after: readonly string[] | null): boolean {
  if (before === null) return false;
  return after === null || after.some((entry) => !before.includes(entry));
}

/** Null is no limit at all. */
function isHigher<T extends number | bigint>(before: T | null, after: T | null): boolean {
  if (before === null) return false;
  return after === null || after > before;
}

function timeOf(date: string | null): number | null {
  return date === null ? null : Date.parse(date);
}

function hasWiderBudget(before: Limits, after: Limits): boolean {
  return (['total', 'day', 'week', 'month'] as const).some((window) =>
    isHigher(refusingAt(before, window), refusingAt(after, window)),
  );
}

/** What a window's budget refuses beyond; null: nothing, because there is none or it only warns. */
function refusingAt({ budgets, softBudgets }: Limits, window: keyof KeyBudgets): bigint | null {
  return softBudgets.includes(window) ? null : toNano(budgets?.[window]);
}

/** Exact, unlike a comparison of floats. */
function toNano(usd: string | undefined): bigint | null {
  if (usd === undefined) return null;
  const [whole = '', decimals = ''] = usd.split('.');
  return BigInt(whole + decimals.padEnd(9, '0'));
}
