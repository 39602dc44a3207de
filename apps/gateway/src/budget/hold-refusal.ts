import type { HoldAnswer, Model, ScopeStanding } from '@orgn/contracts';
import type { RequestMeasure } from '@orgn/dialects';
import { formatUsd } from '@orgn/pricing';
import { RefusalError } from '../errors/refusal.error.ts';
import { dearestBound, largestOutput } from './hold-bound.ts';

type Refused = Extract<HoldAnswer, { state: 'refused' }>;
type TooFast = Extract<HoldAnswer, { state: 'too_fast' }>;

/** What was asked for, to say what would fit. */
export interface Asked {
  measure: RequestMeasure;
  models: readonly [Model, ...Model[]];
}

/** Money that others hold is likely to come free within that, in seconds. */
const BUSY_SECONDS = 1;

const names: Record<ScopeStanding['kind'], string> = {
  balance: "The team's balance",
  lineage: 'The budget of this API key',
  member: "The budget of this API key's owner",
  team: "The team's budget",
};
const windows: Record<ScopeStanding['period'], string> = {
  day: ' for the day',
  week: ' for the week',
  month: ' for the month',
  total: '',
};

/** Why a request is not paid for: which limit, how it stands, and what would fit. */
export function toMoneyRefusal({ why, scope }: Refused, asked: Asked): RefusalError {
  const { nanoUsd, promptTokens, completionTokens } = dearestBound(asked.measure, asked.models);
  const tokens = `${promptTokens} tokens of prompt and ${completionTokens} of answer at most`;
  const cost = `This request may cost up to ${usd(nanoUsd)} USD (${tokens}).`;
  const message = [standingOf(scope), cost, ...wayOn(why, scope, asked)].join(' ');
  if (why === 'busy') return new RefusalError({ code: 'balance_busy', message, retryAfterSeconds: BUSY_SECONDS });
  return new RefusalError({ code: scope.kind === 'balance' ? 'insufficient_balance' : 'budget_exceeded', message });
}

/** Budgets that only warn, as they stand: ASCII, for a header. */
export function toWarning(scopes: readonly ScopeStanding[]): string {
  return scopes.map(standingOf).join(' ');
}

/**
 * Which limit of its lineage a request has reached, and for how long.
 * @param tokens that the request may have, prompt and answer together
 */
export function toRateRefusal({ what, retryMs, rates }: TooFast, tokens: number): RefusalError {
  const most = what === 'tokens' ? (rates.tokens?.limit ?? Infinity) : Infinity;
  if (tokens > most) return tooManyTokens(tokens, most);
  const retryAfterSeconds = Math.max(1, Math.ceil(retryMs / 1_000));
  const limit = what === 'concurrency' ? 'requests at a time' : `${what} a minute`;
  const message = `This API key has reached its limit of ${limit}. Try again in ${retryAfterSeconds} s.`;
  return new RefusalError({ code: 'rate_limit_exceeded', message, retryAfterSeconds });
}

/** However long its caller waits. */
function tooManyTokens(tokens: number, most: number): RefusalError {
  const message = `This request may have up to ${tokens} tokens, more than the ${most} a minute of this API key. Lower max_tokens.`;
  return new RefusalError({ code: 'rate_limit_exceeded', message, retryAfterSeconds: 60 });
}

function standingOf(scope: ScopeStanding): string {
  const { kind, period, limitNanoUsd, spentNanoUsd, heldNanoUsd, resetsAt } = scope;
  const held = `${usd(heldNanoUsd)} USD are held by requests under way`;
  if (kind === 'balance') return `${names.balance} is ${usd(limitNanoUsd)} USD, of which ${held}.`;
  const reset = resetsAt === null ? '' : ` It begins anew at ${resetsAt}.`;
  const used = `${usd(spentNanoUsd)} USD are used and ${held}`;
  return `${names[kind]}${windows[period]} is ${usd(limitNanoUsd)} USD: ${used}.${reset}`;
}

function wayOn(why: Refused['why'], { roomNanoUsd }: ScopeStanding, { measure, models }: Asked): string[] {
  const fits = largestOutput(measure, models, Number(roomNanoUsd));
  return [
    ...(fits > 0 ? [`A max_tokens of at most ${fits} would fit now.`] : []),
    ...(why === 'busy' ? ['Try again shortly.'] : []),
  ];
}

/** As decimal USD, without the zeros behind its cents. */
function usd(nanoUsd: string | number): string {
  return formatUsd(BigInt(nanoUsd)).replace(/0{1,7}$/, '');
}
