import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { nodeCrypto } from '@orgn/attestation/node';
import { rootByTiles, signCheckpoint } from '@orgn/receipts';
import { ServiceLog } from '@orgn/service-kit';
import { ArchiveDatabase, type Ask } from '../archive/archive-database.ts';
import { RouterConfig } from '../config.ts';
import { HeadPosts } from './head-posts.client.ts';
import { LogTiles } from './log-tiles.ts';
import { HEAD, LOCK, PLACE, WAITING, WRITE_HEAD } from './log.sql.ts';

/** A batch; what is more waits for the next. */
const MOST_ENTRIES = 50_000;
/** Turns in the time of a batch: whichever router looks first after it is over appends. */
const LOOKS = 6;

interface Waiting {
  id: string;
  entry: Buffer;
}

/** Appends what waits to the log, a batch at a time, and signs its new head. Of several routers one does. */
@Injectable()
export class LogWriter implements OnApplicationBootstrap, OnApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;
  #isBusy = false;

  constructor(
    private readonly config: RouterConfig,
    private readonly database: ArchiveDatabase,
    private readonly posts: HeadPosts,
    private readonly log: ServiceLog,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.config.RECEIPT_KEYS || !this.database.isConfigured) return;
    const everyMs = (this.config.LOG_BATCH_SECONDS * 1_000) / LOOKS;
    this.#timer = setInterval(() => void this.#look(), everyMs).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.#timer);
  }

  /** @returns the new head; undefined where it was not time, nothing waited, or another router does it */
  append(): Promise<string | undefined> {
    return this.database.transaction(async (ask) => {
      const [lock] = await ask<{ taken: boolean }>(LOCK, []);
      const [head] = await ask<{ size: string; isYoung: boolean }>(HEAD, [this.config.LOG_BATCH_SECONDS]);
      if (!lock?.taken || head?.isYoung) return undefined;
      const waiting = await ask<Waiting>(WAITING, [MOST_ENTRIES]);
      return waiting.length > 0 ? this.#appendAll(ask, Number(head?.size ?? 0), waiting) : undefined;
    });
  }

  async #appendAll(ask: Ask, size: number, waiting: readonly Waiting[]): Promise<string> {
    const tiles = new LogTiles(ask);
    await tiles.append(
      size,
      waiting.map(({ entry }) => entry),
    );
    const places = waiting.map((_, at) => size + at);
    await ask(PLACE, [waiting.map(({ id }) => id), places]);
    const checkpoint = await this.#signed(size + waiting.length, tiles);
    await ask(WRITE_HEAD, [size + waiting.length, checkpoint]);
    return checkpoint;
  }

  async #signed(size: number, tiles: LogTiles): Promise<string> {
    const [key] = this.config.RECEIPT_KEYS ?? [];
    if (!key) throw new TypeError('a log is written where there are keys');
    const root = Buffer.from(await rootByTiles(size, tiles.read, nodeCrypto)).toString('hex');
    const head = { origin: this.config.LOG_ORIGIN, size, root };
    return signCheckpoint(head, key, Buffer.from(key.publicKey, 'hex'), nodeCrypto);
  }

  async #look(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      const head = await this.append();
      await this.posts.send(head);
    } catch (error) {
      this.log.warn('the log of receipts was not written, will retry', {}, error);
    } finally {
      this.#isBusy = false;
    }
  }
}
