import type { LaterPrice, ModelPrice } from '@orgn/contracts';

/** What a model costs a request that was admitted at a moment of database time, in epoch milliseconds. */
export function priceAt(
  model: { price: ModelPrice; laterPrices?: LaterPrice[] | undefined },
  atMs: number,
): ModelPrice {
  let [from, price] = [-Infinity, model.price];
  for (const { validFrom, ...later } of model.laterPrices ?? []) {
    const date = Date.parse(validFrom);
    if (date <= atMs && date > from) [from, price] = [date, later];
  }
  return price;
}
