import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { ModelPrice, UsageWitness } from '@orgn/contracts';
import { Repository } from 'typeorm';
import { ListedPriceEntity } from './listed-price.entity.ts';

/** A price as it was applied, and who says so. */
export interface AppliedPrice {
  version: string;
  model: string;
  price: ModelPrice;
  witness: UsageWitness;
}

/** So many are known to be listed, without looking again. */
const MOST_KNOWN = 20_000;

/**
 * Keeps what models cost in each version of the catalogue, from the first word that was charged by it on: a bill can be
 * made again when nobody has that catalogue any more. What a gateway says of a price stands only until a router says it.
 */
@Injectable()
export class PriceList {
  #known = new Set<string>();

  constructor(@InjectRepository(ListedPriceEntity) private readonly prices: Repository<ListedPriceEntity>) {}

  /** Looks again at what is listed: the database is another one than before. */
  forget(): void {
    this.#known = new Set();
  }

  /** Resolves once these prices are listed. */
  async keep(applied: readonly AppliedPrice[]): Promise<void> {
    const fresh = new Map(applied.map((price) => [nameOf(price), price]));
    for (const name of fresh.keys()) if (this.#known.has(name)) fresh.delete(name);
    if (fresh.size === 0) return;
    const byWitness = { router: [] as AppliedPrice[], gateway: [] as AppliedPrice[] };
    for (const price of fresh.values()) byWitness[price.witness].push(price);
    for (const witness of ['router', 'gateway'] as const) await this.#write(witness, byWitness[witness]);
    if (this.#known.size + fresh.size > MOST_KNOWN) this.#known = new Set();
    for (const name of fresh.keys()) this.#known.add(name);
  }

  /** What a model costs in a version of the catalogue; null: nobody has said so. */
  async find(version: string, model: string): Promise<ModelPrice | null> {
    return (await this.prices.findOneBy({ version, model }))?.price ?? null;
  }

  async #write(witness: UsageWitness, prices: readonly AppliedPrice[]): Promise<void> {
    if (prices.length === 0) return;
    const columns = [
      prices.map(({ version }) => version),
      prices.map(({ model }) => model),
      prices.map(({ price }) => JSON.stringify(price)),
    ];
    await this.prices.query(KEEP, [...columns, witness]);
  }
}

const KEEP = `
  INSERT INTO listed_prices (version, model, price, listed_by)
  SELECT DISTINCT ON (entry.version, entry.model) entry.version, entry.model, entry.price, $4
  FROM unnest($1::text[], $2::text[], $3::jsonb[]) AS entry (version, model, price)
  ORDER BY entry.version, entry.model
  ON CONFLICT (version, model) DO UPDATE SET price = excluded.price, listed_by = excluded.listed_by
  WHERE listed_prices.listed_by = 'gateway' AND excluded.listed_by = 'router'`;

function nameOf({ witness, version, model }: AppliedPrice): string {
  return `${witness} ${version} ${model}`;
}
