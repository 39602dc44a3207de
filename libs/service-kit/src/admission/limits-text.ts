import type { BudgetWindow, KeyBudgets, MonthlyBudget } from '@orgn/contracts';
import type { Admission } from './admission.ts';

/** Budgets, and how many requests may run at a time. */
export type SpendingLimits = Pick<Admission, 'budgets' | 'softBudgets' | 'teamBudget' | 'memberBudget' | 'concurrency'>;

/** All that is written as one text. */
type Written = SpendingLimits & Pick<Admission, 'teeDemands'>;

/** Of a request that nothing limits. */
export const noLimits = {
  ...{ budgets: null, softBudgets: [], teamBudget: null, memberBudget: null },
  ...{ rpm: null, tpm: null, concurrency: null, teeDemands: null },
} as const satisfies Written & Pick<Admission, 'rpm' | 'tpm'>;

/** The order in which a key's budgets are written. */
const WINDOWS = ['total', 'day', 'week', 'month'] as const satisfies readonly BudgetWindow[];
/** Behind an amount that only warns. */
const SOFT = 's';

/**
 * The key's budgets in the order of their windows, the team's, the owner's, the requests at a time, and what the team demands of
 * enclaves, as one text without dots: `25_50,,,5s,,,8,gpu-tcb_UpToDate`. Empty: none of them. Services of the release before read
 * the first seven.
 */
export function toLimitsText(limits: Written): string {
  const { budgets, softBudgets, teamBudget, memberBudget, concurrency, teeDemands } = limits;
  const soft = new Set<BudgetWindow>(softBudgets);
  const own = WINDOWS.map((window) => amountText(budgets?.[window], soft.has(window)));
  const others = [teamBudget, memberBudget].map((budget) => amountText(budget?.limit, budget?.isSoft === true));
  const texts = [...own, ...others, String(concurrency ?? ''), demandsText(teeDemands)];
  return texts.every((text) => text === '') ? '' : texts.join(',');
}

/** @param text that `toLimitsText` has written */
export function fromLimitsText(text: string): Written {
  const texts = text.split(',');
  const own = WINDOWS.flatMap((window, at) => {
    const budget = toBudget(texts[at]);
    return budget ? [{ window, ...budget }] : [];
  });
  const [team, member, concurrency = '', demands = ''] = texts.slice(WINDOWS.length);
  return {
    budgets: own.length === 0 ? null : toKeyBudgets(own),
    softBudgets: own.filter(({ isSoft }) => isSoft).map(({ window }) => window),
    teamBudget: toBudget(team),
    memberBudget: toBudget(member),
    concurrency: concurrency === '' ? null : Number(concurrency),
    teeDemands: demands === '' ? null : demands.replaceAll('-', '; ').replace('_', '='),
  };
}

/** `gpu; tcb=UpToDate` as `gpu-tcb_UpToDate`. */
function demandsText(demands: string | null): string {
  return demands?.replaceAll('; ', '-').replace('=', '_') ?? '';
}

function toKeyBudgets(own: readonly (MonthlyBudget & { window: BudgetWindow })[]): KeyBudgets {
  return Object.fromEntries(own.map(({ window, limit }) => [window, limit]));
}

/** The decimal point is written as an underscore. */
function amountText(amount: string | undefined, isSoft: boolean): string {
  return amount === undefined ? '' : `${amount.replace('.', '_')}${isSoft ? SOFT : ''}`;
}

function toBudget(text: string | undefined): MonthlyBudget | null {
  if (text === undefined || text === '') return null;
  const isSoft = text.endsWith(SOFT);
  return { limit: (isSoft ? text.slice(0, -1) : text).replace('_', '.'), isSoft };
}
