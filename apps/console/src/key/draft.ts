import type { ConsoleKey } from '@orgn/console-api';

export type BudgetWindow = 'total' | 'month' | 'week' | 'day';
/** In the order of their fields. */
export const windows = ['total', 'month', 'week', 'day'] as const satisfies readonly BudgetWindow[];
const noBudgets: KeyDraft['budgets'] = { total: '', month: '', week: '', day: '' };

/** A key's form, as it is on the screen. */
export interface KeyDraft {
  name: string;
  /** Days from now; `never`; `on`: the day in `expiresOn`. */
  expiry: 'never' | '7' | '30' | '90' | '365' | 'on';
  /** `2027-01-31`. */
  expiresOn: string;
  execution: ConsoleKey['executionPolicy'];
  /** Ids; null: every model. */
  models: readonly string[] | null;
  /** One a line, or separated by commas or spaces. */
  networks: string;
  /** USD in a window; empty: no limit. */
  budgets: Record<BudgetWindow, string>;
  /** Those of them that only warn. */
  softBudgets: readonly BudgetWindow[];
  /** Requests and tokens a minute, and requests at a time; empty: no limit. */
  rpm: string;
  tpm: string;
  concurrency: string;
}

export const emptyDraft = (execution: KeyDraft['execution']): KeyDraft => ({
  name: '',
  expiry: 'never',
  expiresOn: '',
  execution,
  models: null,
  networks: '',
  budgets: noBudgets,
  softBudgets: [],
  rpm: '',
  tpm: '',
  concurrency: '',
});

/** The form of a key that is there. */
export function toDraft(key: ConsoleKey): KeyDraft {
  return {
    name: key.name,
    expiry: key.expiresAt === null ? 'never' : 'on',
    expiresOn: key.expiresAt?.slice(0, 10) ?? '',
    execution: key.executionPolicy,
    models: key.models,
    networks: (key.ipAllowList ?? []).join('\n'),
    budgets: budgetsOf(key),
    softBudgets: key.softBudgets,
    rpm: toTyped(key.rpm),
    tpm: toTyped(key.tpm),
    concurrency: toTyped(key.concurrency),
  };
}

function budgetsOf({ budgets }: ConsoleKey): KeyDraft['budgets'] {
  const { total = '', month = '', week = '', day = '' } = budgets ?? {};
  return { total, month, week, day };
}

const toTyped = (limit: number | null) => (limit === null ? '' : String(limit));

const DAY_MS = 86_400_000;

function listed(text: string): string[] | null {
  const entries = text.split(/[\s,]+/).filter(Boolean);
  return entries.length === 0 ? null : [...new Set(entries)];
}

function toExpiresAt({ expiry, expiresOn }: KeyDraft, now: number): string | null {
  if (expiry === 'never') return null;
  if (expiry !== 'on') return new Date(now + Number(expiry) * DAY_MS).toISOString();
  // To the end of that day, by UTC, as all limits by days are.
  const end = new Date(`${expiresOn}T23:59:59.000Z`);
  return Number.isNaN(end.getTime()) ? null : end.toISOString();
}

function toBudgets(budgets: KeyDraft['budgets']): Partial<KeyDraft['budgets']> | null {
  const set = Object.entries(budgets).flatMap(([window, amount]) => {
    const typed = amount.trim().replace(/^\$/, '');
    return typed === '' ? [] : [[window, typed] as const];
  });
  return set.length === 0 ? null : Object.fromEntries(set);
}

function toRate(typed: string): number | null {
  const digits = typed.replaceAll(/[\s,_]/g, '');
  if (digits === '') return null;
  // What is no number must not become no limit: the server says what is wrong with 0.
  return /^\d{1,10}$/.test(digits) ? Number(digits) : 0;
}

/** What is sent of it. `now` in milliseconds. */
export function toBody(draft: KeyDraft, now: number) {
  return {
    name: draft.name.trim(),
    expiresAt: toExpiresAt(draft, now),
    executionPolicy: draft.execution,
    models: draft.models && [...draft.models],
    ipAllowList: listed(draft.networks),
    budgets: toBudgets(draft.budgets),
    // What has no amount cannot warn of it.
    softBudgets: windows.filter((window) => draft.softBudgets.includes(window) && draft.budgets[window].trim() !== ''),
    rpm: toRate(draft.rpm),
    tpm: toRate(draft.tpm),
    concurrency: toRate(draft.concurrency),
  };
}

/** The same, but only what differs from the key as it is: what was not touched must not count as loosened. */
export function toChanges(draft: KeyDraft, key: ConsoleKey, now: number): Partial<ReturnType<typeof toBody>> {
  const [before, after] = [toBody(toDraft(key), now), toBody(draft, now)];
  const changed = Object.entries(after).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name as keyof typeof before]),
  );
  return Object.fromEntries(changed);
}
