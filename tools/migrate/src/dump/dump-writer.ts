import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
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

/**
 * Writes a dump: a tar of gzipped parts, a manifest, and the digest of it all. It has its name only once it is whole and on
 * disk; until then, and for ever when it fails, nobody finds half of it. Only its owner may read it.
 */
export class DumpWriter implements AsyncDisposable {
  readonly #draft: string;
  readonly #digest = createHash('sha256');
  #file: FileHandle | undefined;
  #isWhole = false;

  private constructor(private readonly path: string) {
    this.#draft = `${path}.${process.pid}.partial`;
  }

  static async create(path: string): Promise<DumpWriter> {
    const writer = new DumpWriter(path);
    writer.#file = await open(writer.#draft, 'wx', 0o600);
    await writer.#write(LABEL, Buffer.from(LABEL_TEXT));
    return writer;
  }

  /** Adds everything that `content` gives. */
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

  /** Ends the dump and gives it its name. @throws ZodError for a manifest that nobody could read again */
  async finish(manifest: Manifest): Promise<void> {
    const file = this.#opened();
    await this.#write(MANIFEST, Buffer.from(`${JSON.stringify(schema.parse(manifest), null, 1)}\n`));
    await file.writeFile(toTail(this.#digest.digest()));
    await file.sync();
    await file.close();
    this.#file = undefined;
    renameSync(this.#draft, this.path);
    syncFolder(dirname(this.path));
    this.#isWhole = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file?.close();
    if (!this.#isWhole) rmSync(this.#draft, { force: true });
  }

  async #write(name: string, content: Buffer): Promise<void> {
    const blocks = [toHeader({ name, size: content.length }), content, Buffer.alloc(padding(content.length))];
    for (const block of blocks) this.#digest.update(block);
    await this.#opened().writeFile(Buffer.concat(blocks));
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
