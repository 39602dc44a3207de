import { Injectable } from '@nestjs/common';
import { readCheckpoint, readTile, ServiceError, type ReplyOf } from '@orgn/contracts';
import { Bus } from '@orgn/service-kit';
import { readTilePath, TILE_WIDTH, type TileName } from './tile-path.ts';

type Head = ReplyOf<typeof readCheckpoint>;

/** How long a head is shown before routers are asked again: it changes once a minute. */
const HEAD_MS = 2_000;
/** Full tiles never change; this many are remembered, 8 KiB each. */
const MOST_REMEMBERED = 512;
/** Questions under way: strangers may read here, and must not keep routers from anything else. */
const MOST_ASKED = 8;

/** The log of receipts, for anybody: routers keep it, this remembers what was asked for last. */
@Injectable()
export class TransparencyService {
  readonly #full = new Map<string, Buffer>();
  #head: { until: number; told: Promise<Head> } | undefined;
  #asked = 0;

  constructor(private readonly bus: Bus) {}

  /** The signed head. @throws ServiceError `not_found` while there is none */
  async checkpoint(): Promise<string> {
    const { checkpoint } = await this.#latest();
    if (checkpoint === null) throw new ServiceError('not_found', 'The log of receipts has no head yet.');
    return checkpoint;
  }

  /** @returns its bytes, and whether they will always be the same @throws ServiceError `not_found`, `service_unavailable` */
  async tile(path: string): Promise<{ bytes: Buffer; isFull: boolean }> {
    const name = readTilePath(path);
    const isFull = name?.width === TILE_WIDTH;
    const known = isFull ? this.#full.get(path) : undefined;
    if (known) return { bytes: known, isFull };
    if (!name || !isUnder(await this.#latest(), name)) throw noTile();
    const bytes = await this.#ask(name);
    if (isFull) this.#remember(path, bytes);
    return { bytes, isFull };
  }

  #latest(): Promise<Head> {
    if (this.#head && this.#head.until > performance.now()) return this.#head.told;
    const told = this.bus.ask(readCheckpoint, {});
    const head = { until: performance.now() + HEAD_MS, told };
    this.#head = head;
    told.catch(() => {
      if (this.#head === head) this.#head = undefined;
    });
    return told;
  }

  async #ask(name: TileName): Promise<Buffer> {
    if (this.#asked >= MOST_ASKED)
      throw new ServiceError('service_unavailable', 'Many read the log right now; try again shortly.');
    this.#asked += 1;
    try {
      const { hashes } = await this.bus.ask(readTile, name);
      if (hashes === null) throw noTile();
      return named(Buffer.from(hashes, 'base64'), name);
    } finally {
      this.#asked -= 1;
    }
  }

  #remember(path: string, bytes: Buffer): void {
    const [oldest] = this.#full.keys();
    if (this.#full.size >= MOST_REMEMBERED && oldest !== undefined) this.#full.delete(oldest);
    this.#full.set(path, bytes);
  }
}

/** Whether the log is that long. */
function isUnder({ size }: Head, { level, number, width }: TileName): boolean {
  return number * TILE_WIDTH + width <= Math.floor(size / TILE_WIDTH ** level);
}

/** Entries come each behind its length, in two bytes. */
function named(bytes: Buffer, { isOfEntries }: TileName): Buffer {
  if (!isOfEntries) return bytes;
  const length = Buffer.from([0, 32]);
  const entries = Array.from({ length: bytes.length / 32 }, (_, at) => bytes.subarray(at * 32, at * 32 + 32));
  return Buffer.concat(entries.flatMap((entry) => [length, entry]));
}

function noTile(): ServiceError {
  return new ServiceError('not_found', 'The log of receipts has no such tile.');
}
