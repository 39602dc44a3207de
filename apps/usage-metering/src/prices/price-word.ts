import type { ModelPrice, UsageOutcome } from '@orgn/contracts';
import { costNanoUsd, type UsageCounts } from '@orgn/pricing';
import type { KnownPrice } from './price-book.repository.ts';
import { digestOf } from './price-file.ts';

/** Of prices by their text. */
const digests = new Map<string, string>();
const MOST_DIGESTS = 1_000;

/** Of a word what its price depends on. */
export interface ChargedWord extends UsageCounts {
  model: string;
  outcome: UsageOutcome;
  /** When its request was admitted, ISO 8601. */
  startedAt: string;
  costNanoUsd: number;
  /** What was applied, as the word says. */
  price?: ModelPrice | undefined;
}

/** What becomes of a word: charged as it says, charged otherwise, or kept until its price is known. */
export type Priced<W extends ChargedWord> = { word: W; isOther: boolean } | 'unknown';

/**
 * Holds what a word charges against our own arithmetic, at a price that we know ourselves and that holds for when its request was
 * admitted. What says otherwise is charged what we find: nobody can invent a price, and nothing is lost.
 * @param known every price of the word's model
 */
export function priceWord<W extends ChargedWord>(word: W, known: readonly KnownPrice[]): Priced<W> {
  if (word.outcome === 'withheld') return { word, isOther: false };
  const applied = appliedTo(word, known);
  if (!applied) return 'unknown';
  const cost = costNanoUsd(word, applied.price);
  return { word: { ...word, costNanoUsd: cost, price: applied.price }, isOther: cost !== word.costNanoUsd };
}

/** The price that a word names, if it holds; one that held before or will hold later gives way to the one that does. */
function appliedTo({ price, startedAt }: ChargedWord, known: readonly KnownPrice[]): KnownPrice | undefined {
  const at = Date.parse(startedAt);
  const holding = known.filter(({ from, until }) => from <= at && at < until);
  // Words of a release before name none.
  if (!price) return newest(holding);
  const digest = knownDigestOf(price);
  if (!known.some((entry) => entry.digest === digest)) return undefined;
  return holding.find((entry) => entry.digest === digest) ?? newest(holding);
}

/** Words name few prices, each by the same letters. */
function knownDigestOf(price: ModelPrice): string {
  const text = JSON.stringify(price);
  const known = digests.get(text);
  if (known !== undefined) return known;
  if (digests.size >= MOST_DIGESTS) digests.clear();
  const digest = digestOf(price);
  digests.set(text, digest);
  return digest;
}

/** Of prices that hold at a time the one that was listed last: the other one is on its way out. */
function newest(prices: readonly KnownPrice[]): KnownPrice | undefined {
  return [...prices].sort((a, b) => b.until - a.until || b.from - a.from)[0];
}
