import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { listReceiptKeys, ReplyOf } from '@orgn/contracts';
import { ServiceLog } from '@orgn/service-kit';
import { ArchiveDatabase } from '../archive/archive-database.ts';
import { RouterConfig } from '../config.ts';
import { TransparencyLog } from '../transparency/transparency-log.ts';

type Listed = ReplyOf<typeof listReceiptKeys>['keys'][number];

/** A key that nothing is signed with any more goes on to verify what it signed: it stays on the list. */
const NOTE = `
  INSERT INTO receipt_keys (kid, public_key) SELECT * FROM unnest($1::text[], $2::bytea[])
  ON CONFLICT (kid) DO UPDATE SET last_used_at = now() WHERE receipt_keys.public_key = excluded.public_key`;

const LIST = `
  SELECT kid, public_key AS key, first_used_at AS first, last_used_at AS last FROM receipt_keys
  ORDER BY last_used_at DESC LIMIT 64`;

const EVERY_MS = 3_600_000;
const RETRY_MS = 5_000;

/** The public halves of what receipts are and were signed with, the current one first, and when. */
@Injectable()
export class PublishedKeys implements OnApplicationBootstrap, OnApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly config: RouterConfig,
    private readonly database: ArchiveDatabase,
    private readonly transparency: TransparencyLog,
    private readonly log: ServiceLog,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.RECEIPT_KEYS && this.database.isConfigured) void this.#note();
  }

  onApplicationShutdown(): void {
    clearTimeout(this.#timer);
  }

  async list(): Promise<ReplyOf<typeof listReceiptKeys>> {
    const own = (this.config.RECEIPT_KEYS ?? []).map(({ kid, publicKey }): Listed => ({ kid, publicKey }));
    const known = this.database.isConfigured ? await this.#known().catch(() => []) : [];
    const timesOf = new Map(known.map((key) => [key.publicKey, key]));
    const others = known.filter(({ kid }) => !own.some((key) => key.kid === kid));
    const keys = [...own.map((key) => timesOf.get(key.publicKey) ?? key), ...others].slice(0, 64);
    const log = this.transparency.describe(keys.map(({ publicKey }) => publicKey));
    return { keys, ...(log && { log }) };
  }

  async #known(): Promise<Listed[]> {
    const rows = await this.database.query<{ kid: string; key: Buffer; first: Date; last: Date }>(LIST);
    return rows.map(({ kid, key, first, last }) => ({
      ...{ kid, publicKey: key.toString('hex') },
      ...{ firstUsedAt: first.toISOString(), lastUsedAt: last.toISOString() },
    }));
  }

  async #note(): Promise<void> {
    const keys = this.config.RECEIPT_KEYS ?? [];
    const columns = [keys.map(({ kid }) => kid), keys.map(({ publicKey }) => Buffer.from(publicKey, 'hex'))];
    let pauseMs = EVERY_MS;
    await this.database.query(NOTE, columns).catch((error: unknown) => {
      pauseMs = RETRY_MS;
      this.log.warn('keys of receipts not noted, will retry', {}, error);
    });
    this.#timer = setTimeout(() => void this.#note(), pauseMs).unref();
  }
}
