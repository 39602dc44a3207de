import { readFileSync } from 'node:fs';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { fileStamp, ServiceLog } from '@orgn/service-kit';
import { Counter, Registry } from 'prom-client';
import { UsageMeteringConfig } from '../config.ts';
import { parsePriceFile } from './price-file.ts';
import { PriceBookRepository, type KnownPrice } from './price-book.repository.ts';
import { priceWord, type ChargedWord, type Priced } from './price-word.ts';

const LOOK_MS = 1_000;

/**
 * The prices that metering itself knows: of its models file as it is, and of all that it has been. Without a file nothing can
 * be held against it, and words are believed.
 */
@Injectable()
export class PriceBook implements OnApplicationBootstrap, OnModuleDestroy {
  #known: Promise<ReadonlyMap<string, KnownPrice[]>> | undefined;
  #readAt = -Infinity;
  #seen = '';
  #timer: NodeJS.Timeout | undefined;
  readonly #repriced: Counter;

  constructor(
    private readonly config: UsageMeteringConfig,
    private readonly book: PriceBookRepository,
    private readonly log: ServiceLog,
    registry: Registry,
  ) {
    this.#repriced = new Counter({
      name: 'orgn_usage_repriced_total',
      help: 'Usage words whose cost was not what metering finds by its own prices. They were charged what metering finds.',
      registers: [registry],
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    if (this.config.MODELS_FILE === undefined) return;
    await this.#look();
    this.#timer = setInterval(() => void this.#look(), LOOK_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
  }

  /** Looks again at what is known: the database is another one than before. */
  forget(): void {
    this.#known = undefined;
    this.#seen = '';
  }

  /** What each word is charged, in order. @throws when the database cannot be asked */
  async price<W extends ChargedWord>(words: readonly W[]): Promise<Priced<W>[]> {
    if (this.config.MODELS_FILE === undefined) return words.map((word) => ({ word, isOther: false }));
    let priced = this.#priceBy(await this.#prices(), words);
    // Another replica may have seen a newer file.
    if (priced.includes('unknown') && performance.now() - this.#readAt > LOOK_MS) {
      this.#known = undefined;
      priced = this.#priceBy(await this.#prices(), words);
    }
    const others = priced.filter((one) => one !== 'unknown' && one.isOther).length;
    if (others > 0) {
      this.#repriced.inc(others);
      this.log.error('usage words charged otherwise than they say', undefined, { words: others });
    }
    return priced;
  }

  #priceBy<W extends ChargedWord>(known: ReadonlyMap<string, KnownPrice[]>, words: readonly W[]): Priced<W>[] {
    return words.map((word) => priceWord(word, known.get(word.model) ?? []));
  }

  #prices(): Promise<ReadonlyMap<string, KnownPrice[]>> {
    this.#known ??= this.#read();
    this.#known.catch(() => (this.#known = undefined));
    return this.#known;
  }

  async #read(): Promise<ReadonlyMap<string, KnownPrice[]>> {
    this.#readAt = performance.now();
    const prices = await this.book.all();
    return Map.groupBy(prices, ({ model }) => model);
  }

  /** A file that cannot be read changes nothing; one that has changed while the database is away is looked at again. */
  async #look(): Promise<void> {
    const { MODELS_FILE: file = '' } = this.config;
    const stamp = fileStamp(file);
    if (stamp === this.#seen) return;
    this.#seen = stamp;
    try {
      const prices = parsePriceFile(readFileSync(file, 'utf8'));
      await this.book.list(prices);
      this.#known = undefined;
      this.log.info('prices listed', { prices: prices.length });
    } catch (error) {
      const isOurs = (error as Error).name === 'QueryFailedError';
      if (isOurs) this.#seen = '';
      this.log.error('prices of the models file not listed', isOurs ? error : undefined);
    }
  }
}
