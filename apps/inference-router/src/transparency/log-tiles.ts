import { nodeCrypto } from '@orgn/attestation/node';
import { growLevel, hashesOf, leafHash, TILE_WIDTH, type ReadTile } from '@orgn/receipts';
import type { Ask } from '../archive/archive-database.ts';
import { READ_ENTRIES, READ_TILE, WRITE_ENTRIES, WRITE_TILES } from './log.sql.ts';

const EMPTY = Buffer.alloc(0);
const toLeaf = (entry: Uint8Array) => leafHash(entry, nodeCrypto);
const asItIs = (hash: Uint8Array) => hash;

/** The tiles of the log, as the database has them. */
export class LogTiles {
  constructor(private readonly ask: Ask) {}

  /** A tile's hashes, as many as there are. */
  readonly read: ReadTile = async (level, number) => {
    if (level > 0) return this.#kept(level, number);
    return Buffer.concat(hashesOf(await this.entries(number)).map(toLeaf));
  };

  /** What the leaves of a tile of level 0 are the hashes of. */
  entries(number: number): Promise<Buffer> {
    return this.#kept(0, number);
  }

  /** Adds entries behind the last one. @param size of the log before */
  async append(size: number, entries: readonly Buffer[]): Promise<void> {
    let added: readonly Uint8Array[] = entries;
    for (let level = 0; added.length > 0; level += 1) {
      const count = Math.floor(size / TILE_WIDTH ** level);
      const last = count % TILE_WIDTH === 0 ? EMPTY : await this.#kept(level, Math.floor(count / TILE_WIDTH));
      const { tiles, full } = growLevel({ count, last }, added, level === 0 ? toLeaf : asItIs, nodeCrypto);
      await this.#write(
        level,
        tiles.map(({ number }) => number),
        tiles.map(({ hashes }) => Buffer.from(hashes)),
      );
      added = full;
    }
  }

  async #kept(level: number, number: number): Promise<Buffer> {
    const rows =
      level === 0
        ? await this.ask<{ hashes: Buffer }>(READ_ENTRIES, [number])
        : await this.ask<{ hashes: Buffer }>(READ_TILE, [level, number]);
    return rows[0]?.hashes ?? EMPTY;
  }

  async #write(level: number, numbers: number[], hashes: Buffer[]): Promise<void> {
    if (level === 0) await this.ask(WRITE_ENTRIES, [numbers, hashes]);
    else await this.ask(WRITE_TILES, [level, numbers, hashes]);
  }
}
