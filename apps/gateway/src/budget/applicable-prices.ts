import type { Model, ModelPrice } from '@orgn/contracts';

/**
 * What this host's clock may be off, and how late a price may reach it. A request is priced by the database's time of its admission,
 * which nobody here knows.
 */
const SLACK_MS = 15 * 60_000;

/** The prices that a request of now may be charged by: at least one. */
export function applicablePrices(
  { price, laterPrices = [] }: Pick<Model, 'price' | 'laterPrices'>,
  now: number,
): ModelPrice[] {
  const dated = laterPrices
    .map(({ validFrom, ...later }) => ({ from: Date.parse(validFrom), price: later }))
    .sort((one, other) => one.from - other.from);
  const begun = dated.filter(({ from }) => from <= now - SLACK_MS).at(-1)?.price ?? price;
  const near = dated.filter(({ from }) => from > now - SLACK_MS && from <= now + SLACK_MS);
  return [begun, ...near.map((one) => one.price)];
}
