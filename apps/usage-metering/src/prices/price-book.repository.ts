import { Injectable } from '@nestjs/common';
import type { ModelPrice } from '@orgn/contracts';
import { DataSource } from 'typeorm';
import type { FiledPrice } from './price-file.ts';

/** A price of a model, and when requests were admitted that it holds for: epoch milliseconds. */
export interface KnownPrice {
  model: string;
  digest: string;
  price: ModelPrice;
  from: number;
  until: number;
}

/** Every price that this deployment's models files had, with its validity. */
@Injectable()
export class PriceBookRepository {
  constructor(private readonly database: DataSource) {}

  /** What is listed holds; what is not listed any more holds for an hour, since routers may read a file later than metering. */
  async list(prices: readonly FiledPrice[]): Promise<void> {
    const date = (ms: number | null) => (ms === null ? null : new Date(ms));
    const columns = [
      prices.map((entry) => entry.model),
      prices.map(({ digest }) => digest),
      prices.map(({ price }) => JSON.stringify(price)),
      prices.map(({ from }) => date(from)),
      prices.map(({ until }) => date(until)),
    ];
    await this.database.transaction(async (manager) => {
      await manager.query(LIST, columns);
      await manager.query(RETIRE, columns.slice(0, 2));
    });
  }

  async all(): Promise<KnownPrice[]> {
    const rows =
      await this.database.query<(Omit<KnownPrice, 'from' | 'until'> & Record<'from' | 'until', number | null>)[]>(ALL);
    return rows.map((row) => ({ ...row, from: row.from ?? -Infinity, until: row.until ?? Infinity }));
  }
}

/** A price that the file lists without a date held from when it was first listed so; one that came back holds again. */
const LIST = `
  INSERT INTO price_versions (model, digest, price, valid_from, valid_until)
  SELECT DISTINCT ON (1, 2) entry.* FROM unnest($1::text[], $2::text[], $3::jsonb[], $4::timestamptz[], $5::timestamptz[])
    AS entry (model, digest, price, valid_from, valid_until) ORDER BY 1, 2, valid_until DESC NULLS FIRST
  ON CONFLICT (model, digest) DO UPDATE SET valid_until = excluded.valid_until,
    valid_from = CASE WHEN excluded.valid_from IS NULL THEN price_versions.valid_from ELSE least(price_versions.valid_from, excluded.valid_from) END
  WHERE (price_versions.valid_from, price_versions.valid_until) IS DISTINCT FROM (excluded.valid_from, excluded.valid_until)`;

const RETIRE = `
  UPDATE price_versions v SET valid_until = least(v.valid_until, clock_timestamp() + interval '1 hour')
  WHERE (v.valid_until IS NULL OR v.valid_until > clock_timestamp() + interval '1 hour')
    AND NOT EXISTS (SELECT FROM unnest($1::text[], $2::text[]) AS listed (model, digest) WHERE (listed.model, listed.digest) = (v.model, v.digest))`;

const ALL = `
  SELECT model, digest, price, (extract(epoch FROM valid_from) * 1000)::float8 AS "from",
    (extract(epoch FROM valid_until) * 1000)::float8 AS until FROM price_versions`;
