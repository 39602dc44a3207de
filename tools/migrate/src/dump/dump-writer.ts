import { createHash, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PassThrough, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { LABEL, LABEL_TEXT } from './is-dump.ts';
import { MANIFEST, manifest as schema, type Manifest, type Part } from './manifest.ts';
import { toTail } from './tail.ts';
import { padding, toHeader } from './tar.ts';

/** Bytes of one piece: a tar says the size of a file before its content, so that much is held in memory. */
const PIECE_BYTES = 4 * 1024 * 1024;
/** Fast: a dump is read once, and its disk is cheaper than the time of a host that serves meanwhile. */
const LEVEL = 3;

/** Its file cannot be written: the disk is full, or not to be written to. */
export class UnwritableError extends Error {
  constructor(path: string, cause: unknown) {
    const { code = 'unknown' } = cause as { code?: string };
    super(`${path} cannot be written (${code}).`, { cause });
    this.name = 'UnwritableError';
  }
}

/**
 * Writes a dump: a tar of gzipped parts, a manifest, and the digest of it all. It has its name only once it is whole and on
 * disk; until then, and for ever when it fails, nobody finds half of it. Only its owner may read it.
 */
export class DumpWriter implements AsyncDisposable {
  readonly #draft: string;
  readonly #digest = createHash('sha256');
  #file: FileHandle | undefined;
  /** Whether there is a draft to be taken away. */
  #isDrafted = false;

  private constructor(private readonly path: string) {
    // Random: in containers a process that was killed had the number of this one. Hidden: what it left is not taken for a dump.
    this.#draft = join(dirname(path), `.${basename(path)}.${randomBytes(4).toString('hex')}.partial`);
  }

  /** @throws UnwritableError */
  static async create(path: string): Promise<DumpWriter> {
    const writer = new DumpWriter(path);
    try {
      writer.#file = await open(writer.#draft, 'wx', 0o600);
      writer.#isDrafted = true;
      await writer.#write(LABEL, Buffer.from(LABEL_TEXT));
      return writer;
    } catch (error) {
      await writer[Symbol.asyncDispose]();
      throw error instanceof UnwritableError ? error : new UnwritableError(path, error);
    }
  }

  /** Adds everything that `content` gives. @throws UnwritableError */
  async add(name: string, content: Readable): Promise<Part> {
    const digest = createHash('sha256');
    let bytes = 0;
    const counted = new PassThrough({
      transform: (chunk: Buffer, _, done) => {
        digest.update(chunk);
        bytes += chunk.length;
        done(null, chunk);
      },
    });
    let pieces = 0;
    await pipeline(content, counted, createGzip({ level: LEVEL }), async (compressed: AsyncIterable<Buffer>) => {
      for await (const piece of inPieces(compressed)) await this.#write(pieceName(name, (pieces += 1)), piece);
    });
    return { name, pieces, bytes, sha256: digest.digest('hex') };
  }

  /** Ends the dump and gives it its name. @throws ZodError for a manifest that nobody could read again, UnwritableError */
  async finish(manifest: Manifest): Promise<void> {
    await this.#write(MANIFEST, Buffer.from(`${JSON.stringify(schema.parse(manifest), null, 1)}\n`));
    await this.#put(toTail(this.#digest.digest()));
    try {
      await this.#seal();
    } catch (error) {
      throw new UnwritableError(this.path, error);
    }
  }

  async #seal(): Promise<void> {
    const file = this.#opened();
    await file.sync();
    await file.close();
    this.#file = undefined;
    renameSync(this.#draft, this.path);
    this.#isDrafted = false;
    syncFolder(dirname(this.path));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // A disk that is full may say so once more.
    await this.#file?.close().catch(() => undefined);
    if (this.#isDrafted) rmSync(this.#draft, { force: true });
  }

  async #write(name: string, content: Buffer): Promise<void> {
    const blocks = [toHeader({ name, size: content.length }), content, Buffer.alloc(padding(content.length))];
    for (const block of blocks) this.#digest.update(block);
    await this.#put(Buffer.concat(blocks));
  }

  async #put(bytes: Buffer): Promise<void> {
    const file = this.#opened();
    try {
      await file.writeFile(bytes);
    } catch (error) {
      throw new UnwritableError(this.path, error);
    }
  }

  #opened(): FileHandle {
    if (!this.#file) throw new Error('the dump is finished');
    return this.#file;
  }
}

/** The name of the n-th piece of a part, from 1 on. */
export function pieceName(part: string, number: number): string {
  return `${part}.${String(number).padStart(6, '0')}`;
}

async function* inPieces(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    held.push(chunk);
    bytes += chunk.length;
    if (bytes < PIECE_BYTES) continue;
    yield Buffer.concat(held);
    [held, bytes] = [[], 0];
  }
  if (bytes > 0) yield Buffer.concat(held);
}

/** A name is on disk once its folder is. */
function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
