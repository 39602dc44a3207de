import { rateOf, toNanoUsd, type Price, type TokenPrices } from './price.ts';

/** What a request used. Parts that nobody counted are absent, and their tokens cost what their whole costs. */
export interface UsageCounts {
  promptTokens: number;
  completionTokens: number;
  /** Of the prompt tokens: read from a cache, written to a cache. */
  cachedTokens?: number | undefined;
  cacheWriteTokens?: number | undefined;
  /** Of the completion tokens: spent on reasoning. */
  reasoningTokens?: number | undefined;
  images?: number | undefined;
  /** Whole seconds; a begun one counts. */
  audioSeconds?: number | undefined;
  /** Answers to charge the fee per request for; absent: one, if anything at all was used. */
  requests?: number | undefined;
}

/** Token prices are for a million, so one of anything else weighs a million. */
const TOKENS_PER_PRICE = 1_000_000n;

/**
 * What a request costs, in integer nano-USD (1e-9 USD). Exact integer arithmetic, rounded half up once at the end.
 * @throws RangeError when a price is not a decimal of at most 9 places, a count is not a natural number, or the cost
 *   does not fit a safe integer (about 9 million USD)
 */
export function costNanoUsd(counts: UsageCounts, price: Price): number {
  return rounded(costParts(counts, price).reduce((total, part) => total + costOf(part), 0n));
}

/** What a request is charged for, class by class. Together they cost what the request does, before that is rounded. */
export interface CostPart {
  what: 'input' | 'cachedInput' | 'cacheWrite' | 'output' | 'reasoning' | 'image' | 'audioSecond' | 'request';
  count: bigint;
  /** Decimal USD: for a million tokens, or for one of anything else. */
  rate: string;
}

/** The parts of a request’s cost that were used, in the order of a price list. @throws RangeError as `costNanoUsd` */
export function costParts(counts: UsageCounts, price: Price): CostPart[] {
  return [...tokenParts(counts, tierOf(counts, price)), ...unitParts(counts, price)].filter(({ count }) => count > 0n);
}

/** What a part costs, in nano-USD times a million: exact. */
function costOf({ what, count, rate }: CostPart): bigint {
  const isOfUnits = what === 'image' || what === 'audioSecond' || what === 'request';
  return count * toNanoUsd(rate) * (isOfUnits ? TOKENS_PER_PRICE : 1n);
}

/** What a part costs, as exact decimal USD with 15 places. */
export function formatPart(part: CostPart): string {
  const digits = costOf(part).toString().padStart(16, '0');
  return `${digits.slice(0, -15)}.${digits.slice(-15)}`;
}

/**
 * The most that a request within these counts can cost, whatever classes its tokens turn out to have: every token at
 * its dearest price. For holds.
 * @throws RangeError as `costNanoUsd`
 */
export function dearestNanoUsd(counts: UsageCounts, price: Price): number {
  const tier = tierOf(counts, price);
  const prompt = dearest([rateOf(tier, 'input'), rateOf(tier, 'cachedInput'), rateOf(tier, 'cacheWrite')]);
  const completion = dearest([rateOf(tier, 'output'), rateOf(tier, 'reasoning')]);
  const tokens = natural(counts.promptTokens) * prompt + natural(counts.completionTokens) * completion;
  const units = unitParts({ requests: 1, ...counts }, price);
  return rounded(units.reduce((total, part) => total + costOf(part), tokens));
}

function tierOf(counts: UsageCounts, price: Price): TokenPrices {
  const { longContext } = price;
  return longContext && counts.promptTokens > longContext.aboveTokens ? longContext : price;
}

function tokenParts(counts: UsageCounts, prices: TokenPrices): CostPart[] {
  const prompt = natural(counts.promptTokens);
  // Parts that do not fit their whole are cut to it, the dearer one last to give way.
  const written = atMost(natural(counts.cacheWriteTokens ?? 0), prompt);
  const cached = atMost(natural(counts.cachedTokens ?? 0), prompt - written);
  const completion = natural(counts.completionTokens);
  const reasoning = atMost(natural(counts.reasoningTokens ?? 0), completion);
  const part = (what: keyof TokenPrices, count: bigint): CostPart => ({ what, count, rate: rateOf(prices, what) });
  return [
    part('input', prompt - written - cached),
    part('cachedInput', cached),
    part('cacheWrite', written),
    part('output', completion - reasoning),
    part('reasoning', reasoning),
  ];
}

function unitParts(counts: UsageCounts, { image, audioSecond, request }: Price): CostPart[] {
  const part = (what: CostPart['what'], count: number | undefined, rate = '0'): CostPart => ({
    what,
    count: natural(count ?? 0),
    rate,
  });
  return [
    part('image', counts.images, image),
    part('audioSecond', counts.audioSeconds, audioSecond),
    part('request', counts.requests ?? (wasUsed(counts) ? 1 : 0), request),
  ];
}

function wasUsed({ promptTokens, completionTokens, images, audioSeconds }: UsageCounts): boolean {
  return [promptTokens, completionTokens, images, audioSeconds].some((count) => (count ?? 0) > 0);
}

function dearest(rates: readonly string[]): bigint {
  return rates.map(toNanoUsd).reduce((most, rate) => (rate > most ? rate : most));
}

function rounded(total: bigint): number {
  const cost = Number((total + TOKENS_PER_PRICE / 2n) / TOKENS_PER_PRICE);
  if (!Number.isSafeInteger(cost)) throw new RangeError('the cost does not fit a safe integer');
  return cost;
}

function natural(value: number): bigint {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError('a count must be a natural number');
  return BigInt(value);
}

function atMost(value: bigint, most: bigint): bigint {
  return value < most ? value : most;
}
