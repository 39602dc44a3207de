import { Injectable } from '@nestjs/common';
import { SchemaWatch } from '@orgn/database';
import { DailySecrets } from './idempotency/daily-secrets.ts';
import { PriceBook } from './prices/price-book.ts';
import { PriceList } from './prices/price-list.ts';

/** Forgets what is remembered of the database when a backup was restored over it. */
@Injectable()
export class Memory {
  constructor(schema: SchemaWatch, prices: PriceList, book: PriceBook, secrets: DailySecrets) {
    schema.onReplaced(() => {
      prices.forget();
      book.forget();
      secrets.forget();
    });
  }
}
