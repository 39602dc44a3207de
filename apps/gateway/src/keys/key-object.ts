import type {
  inspectKey,
  KeyView,
  MonthlyBudget,
  RateStanding,
  RateStandings,
  ReplyOf,
  WindowSpend,
} from '@orgn/contracts';
import { formatUsd, toNanoUsd } from '@orgn/pricing';

/** A key as it sees itself: OpenAI's naming, times in epoch seconds, money as decimal USD. No secret, no person. */
export interface KeyObject {
  object: 'key';
  id: string;
  name: string;
  /** `sk-ollm-…o5p6` */
  hint: string;
  team_id: string;
  state: KeyView['state'];
  created_at: number;
  last_used_at: number | null;
  expires_at: number | null;
  execution_policy: KeyView['executionPolicy'];
  models: string[] | null;
  ip_allow_list: string[] | null;
  budgets: KeyView['budgets'];
  /** Those of the budgets that only warn. */
  soft_budgets: KeyView['softBudgets'];
  /** What its team, and its owner in it, may spend a month, which holds it as well; null: there is no such budget. */
  team_budget: MonthBudget | null;
  member_budget: MonthBudget | null;
  rpm: number | null;
  tpm: number | null;
  concurrency: number | null;
  /** What its rotation family has spent, by window; null: not known right now. */
  spend: KeySpend[] | null;
  /** How its limits by the minute stand; null: it has none, or nobody could say. */
  rates: Partial<Record<'requests' | 'tokens', KeyRate>> | null;
  lineage_id: string;
  replaces: string | null;
  replaced_by: string | null;
}

/** Decimal USD. `limit` and `remaining` are null where no budget is set for the window. */
export interface KeySpend {
  window: WindowSpend['period'];
  spent: string;
  held: string;
  limit: string | null;
  remaining: string | null;
  resets_at: number | null;
}

/** A monthly budget, in decimal USD; what is used of it is null where nobody could say. */
export interface MonthBudget {
  limit: string;
  /** It only warns. */
  is_soft: boolean;
  spent: string | null;
  held: string | null;
  remaining: string | null;
  resets_at: number | null;
}

/** How a limit by the minute stands; `resets_in_ms`: until all of it is there again. */
export interface KeyRate {
  limit: number;
  remaining: number;
  resets_in_ms: number;
}

export interface RevokedKey {
  object: 'key';
  id: string;
  state: 'revoked';
  revoked_at: number | null;
  revocation_reason: KeyView['revocationReason'];
}

/** What is known of its use; undefined: nobody could say. */
interface KnownUse {
  windows: readonly WindowSpend[] | undefined;
  /** Of the team, and of the key's owner. */
  team: MonthUse | undefined;
  member: MonthUse | undefined;
  rates: RateStandings | undefined;
}

/** What was used of a month. */
export type MonthUse = Pick<WindowSpend, 'spentNanoUsd' | 'heldNanoUsd' | 'resetsAt'>;

export function toKeyObject(key: ReplyOf<typeof inspectKey>, { windows, rates, team, member }: KnownUse): KeyObject {
  return {
    object: 'key',
    id: key.id,
    name: key.name,
    hint: key.hint,
    team_id: key.teamId,
    state: key.state,
    created_at: epochSeconds(key.createdAt),
    last_used_at: secondsOrNull(key.lastUsedAt),
    expires_at: secondsOrNull(key.expiresAt),
    execution_policy: key.executionPolicy,
    models: key.models,
    ip_allow_list: key.ipAllowList,
    budgets: key.budgets,
    soft_budgets: key.softBudgets,
    team_budget: key.teamBudget && toMonthBudget(key.teamBudget, team),
    member_budget: key.memberBudget && toMonthBudget(key.memberBudget, member),
    rpm: key.rpm,
    tpm: key.tpm,
    concurrency: key.concurrency,
    spend: windows?.map((window) => toSpend(window, key.budgets)) ?? null,
    rates: rates ? toRates(rates) : null,
    lineage_id: key.lineageId,
    replaces: key.replaces,
    replaced_by: key.replacedBy,
  };
}

export function toRevokedKey({ id, revokedAt, revocationReason }: KeyView): RevokedKey {
  return {
    object: 'key',
    id,
    state: 'revoked',
    revoked_at: secondsOrNull(revokedAt),
    revocation_reason: revocationReason,
  };
}

function toRates(rates: RateStandings): KeyObject['rates'] {
  const toRate = ({ limit, remaining, resetMs }: RateStanding): KeyRate => ({
    limit,
    remaining,
    resets_in_ms: resetMs,
  });
  return {
    ...(rates.requests && { requests: toRate(rates.requests) }),
    ...(rates.tokens && { tokens: toRate(rates.tokens) }),
  };
}

function toSpend({ period, spentNanoUsd, heldNanoUsd, resetsAt }: WindowSpend, budgets: KeyView['budgets']): KeySpend {
  const limit = budgets?.[period];
  return {
    window: period,
    spent: formatUsd(BigInt(spentNanoUsd)),
    held: formatUsd(BigInt(heldNanoUsd)),
    limit: limit ?? null,
    remaining: limit === undefined ? null : remainingOf(limit, { spentNanoUsd, heldNanoUsd }),
    resets_at: secondsOrNull(resetsAt),
  };
}

function toMonthBudget({ limit, isSoft }: MonthlyBudget, use: MonthUse | undefined): MonthBudget {
  return {
    limit,
    is_soft: isSoft,
    spent: use ? formatUsd(BigInt(use.spentNanoUsd)) : null,
    held: use ? formatUsd(BigInt(use.heldNanoUsd)) : null,
    remaining: use ? remainingOf(limit, use) : null,
    resets_at: use ? secondsOrNull(use.resetsAt) : null,
  };
}

function remainingOf(
  limit: string,
  { spentNanoUsd, heldNanoUsd }: Pick<WindowSpend, 'spentNanoUsd' | 'heldNanoUsd'>,
): string {
  const left = toNanoUsd(limit) - BigInt(spentNanoUsd) - BigInt(heldNanoUsd);
  return formatUsd(left > 0n ? left : 0n);
}

function secondsOrNull(time: string | null): number | null {
  return time === null ? null : epochSeconds(time);
}

function epochSeconds(time: string): number {
  return Math.floor(Date.parse(time) / 1_000);
}
