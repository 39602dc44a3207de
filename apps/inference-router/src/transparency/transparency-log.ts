import { Injectable } from '@nestjs/common';
import { nodeCrypto } from '@orgn/attestation/node';
import type { readCheckpoint, readTile, ReplyOf, RequestOf } from '@orgn/contracts';
import { proofByTiles, verifierKey, type LogProof } from '@orgn/receipts';
import { ArchiveDatabase } from '../archive/archive-database.ts';
import { RouterConfig } from '../config.ts';
import { LogTiles } from './log-tiles.ts';
import { HEAD } from './log.sql.ts';

const HASH_BYTES = 32;

/** The log of receipts, for those who read it. */
@Injectable()
export class TransparencyLog {
  readonly #tiles: LogTiles;

  constructor(
    private readonly config: RouterConfig,
    private readonly database: ArchiveDatabase,
  ) {
    this.#tiles = new LogTiles((text, values) => database.query(text, values));
  }

  /** Its name, and the keys that may have signed its heads; undefined where there is none. */
  describe(publicKeys: readonly string[]): { origin: string; verifierKeys: string[] } | undefined {
    const { LOG_ORIGIN: origin } = this.config;
    if (!this.database.isConfigured) return undefined;
    return { origin, verifierKeys: publicKeys.map((key) => verifierKey(origin, Buffer.from(key, 'hex'), nodeCrypto)) };
  }

  /** @throws ServiceError `service_unavailable` */
  async head(): Promise<ReplyOf<typeof readCheckpoint>> {
    if (!this.database.isConfigured) return { checkpoint: null, size: 0 };
    const [head] = await this.database.query<{ size: string; checkpoint: string }>(HEAD, [0]);
    return { checkpoint: head?.checkpoint ?? null, size: Number(head?.size ?? 0) };
  }

  /** @throws ServiceError `service_unavailable` */
  async tile({ level, number, width, isOfEntries }: RequestOf<typeof readTile>): Promise<ReplyOf<typeof readTile>> {
    if (!this.database.isConfigured) return { hashes: null };
    const read = isOfEntries ? this.#tiles.entries(number) : this.#tiles.read(level, number);
    const hashes = Buffer.from(await read);
    if (hashes.length < width * HASH_BYTES) return { hashes: null };
    return { hashes: hashes.subarray(0, width * HASH_BYTES).toString('base64') };
  }

  /**
   * What proves that a receipt is in the log; `pending` until its batch is.
   * @param index the receipt's place; null while it has none @throws ServiceError `service_unavailable`
   */
  async proofOf(index: number | null): Promise<LogProof | 'pending'> {
    if (index === null) return 'pending';
    const { checkpoint, size } = await this.head();
    if (checkpoint === null || index >= size) return 'pending';
    const proof = await proofByTiles(index, size, this.#tiles.read, nodeCrypto);
    const hashes = proof.map((hash) => Buffer.from(hash).toString('hex'));
    return { index, tree_size: size, proof: hashes, checkpoint };
  }
}
