import { createHash } from 'node:crypto';
import { laterPrice, model, price, type ModelPrice } from '@orgn/contracts';
import { parse } from 'yaml';
import { z } from 'zod';

/** A price of a model, and when the file says that it holds: epoch milliseconds, null where it says nothing. */
export interface FiledPrice {
  model: string;
  digest: string;
  price: ModelPrice;
  from: number | null;
  until: number | null;
}

/** Of the catalogue, what metering reads; routers check the rest. */
const priced = z.looseObject({ id: model.shape.id, price, laterPrices: z.array(laterPrice).optional() });

/** The prices of a models file. @throws when it cannot be read */
export function parsePriceFile(text: string): FiledPrice[] {
  return z.array(priced).min(1).parse(parse(text)).flatMap(pricesOf);
}

function pricesOf({ id, price: first, laterPrices = [] }: z.output<typeof priced>): FiledPrice[] {
  const dated = laterPrices
    .map(({ validFrom, ...later }) => ({ price: later, from: Date.parse(validFrom) }))
    .sort((a, b) => a.from - b.from);
  const all: { price: ModelPrice; from: number | null }[] = [{ price: first, from: null }, ...dated];
  return all.map((entry, index) => ({
    ...{ model: id, digest: digestOf(entry.price), price: entry.price },
    ...{ from: entry.from, until: all[index + 1]?.from ?? null },
  }));
}

/** Names a price by what it says: two files that price a model alike agree, whatever else is in them. */
export function digestOf(price: ModelPrice): string {
  const { longContext, ...classes } = price;
  const inOrder = (rates: object) =>
    Object.entries(rates)
      .filter(([, rate]) => rate !== undefined)
      .sort();
  const parts = [inOrder(classes), longContext ? inOrder(longContext) : null];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22);
}
