import { createHash } from 'node:crypto';
import { open, stat, type FileHandle } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { DumpError } from './dump-error.ts';
import { pieceName } from './dump-writer.ts';
import { anyManifest, FORMAT, MANIFEST, manifest as schema, type Manifest, type Part } from './manifest.ts';
import { TAIL, toTail } from './tail.ts';
import { BLOCK, padding, parseHeader } from './tar.ts';

/** Longest manifest that is read, in bytes: one of a hundred thousand tables. */
const MAX_MANIFEST = 16 * 1024 * 1024;
const READ_BYTES = 1024 * 1024;

interface Place {
  at: number;
  size: number;
}

/** A dump that was found to be whole. Its content is read from where it is, a part at a time. */
export class DumpReader implements AsyncDisposable {
  private constructor(
    private readonly file: FileHandle,
    private readonly places: ReadonlyMap<string, Place>,
    readonly manifest: Manifest,
  ) {}

  /**
   * Reads all of the file, holds it against its digest and finds what is in it.
   * @throws DumpError for a file that is none of ours, that lacks a byte or has one too many or another one, or that a newer
   *   release made
   */
  static async open(path: string): Promise<DumpReader> {
    const file = await openFile(path);
    try {
      await checkDigest(file);
      const places = await findPlaces(file);
      return new DumpReader(file, places, await readManifest(file, places));
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** The uncompressed content of a part; fails at its end when it is not what the manifest says. */
  part(part: Part): Readable {
    const digest = createHash('sha256');
    let bytes = 0;
    const checked = new Transform({
      transform: (chunk: Buffer, _, done) => {
        digest.update(chunk);
        bytes += chunk.length;
        done(bytes > part.bytes ? damaged() : null, chunk);
      },
      flush: (done) => done(bytes === part.bytes && digest.digest('hex') === part.sha256 ? null : damaged()),
    });
    const gunzip = createGunzip();
    const pieces = Readable.from(this.#pieces(part), { objectMode: false });
    pieces.on('error', (error) => gunzip.destroy(error));
    gunzip.on('error', (error) => checked.destroy(error instanceof DumpError ? error : damaged(error)));
    checked.on('close', () => pieces.destroy());
    return pieces.pipe(gunzip).pipe(checked);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.file.close();
  }

  async *#pieces(part: Part): AsyncGenerator<Buffer> {
    for (let number = 1; number <= part.pieces; number += 1) {
      const place = this.places.get(pieceName(part.name, number));
      if (!place) throw damaged();
      yield* readFrom(this.file, place);
    }
  }
}

/** What is no file is not opened: a pipe would be waited for, and parts are read from where they are. */
async function openFile(path: string): Promise<FileHandle> {
  try {
    if ((await stat(path)).isFile()) return await open(path, 'r');
  } catch (cause) {
    const { code = 'unknown' } = cause as { code?: string };
    throw new DumpError('dump_damaged', `${path} cannot be read (${code}).`, { cause });
  }
  throw new DumpError('dump_damaged', `${path} is no file: name the backup itself.`);
}

async function checkDigest(file: FileHandle): Promise<void> {
  const { size } = await file.stat();
  if (size < TAIL) throw damaged();
  const digest = createHash('sha256');
  for await (const chunk of readFrom(file, { at: 0, size: size - TAIL })) digest.update(chunk);
  const tail = await readWhole(file, { at: size - TAIL, size: TAIL });
  if (!tail.equals(toTail(digest.digest()))) throw damaged();
}

async function findPlaces(file: FileHandle): Promise<Map<string, Place>> {
  const end = (await file.stat()).size - TAIL;
  const places = new Map<string, Place>();
  for (let at = 0; at < end;) {
    const header = parseHeader(await readWhole(file, { at, size: BLOCK }));
    if (!header || places.has(header.name)) throw damaged();
    const { name, size } = header;
    places.set(name, { at: at + BLOCK, size });
    at += BLOCK + size + padding(size);
    if (at > end) throw damaged();
  }
  return places;
}

async function readManifest(file: FileHandle, places: ReadonlyMap<string, Place>): Promise<Manifest> {
  const place = places.get(MANIFEST);
  if (!place || place.size > MAX_MANIFEST) throw damaged();
  const said = parseJson(await readWhole(file, place));
  const any = anyManifest.safeParse(said);
  if (!any.success) throw damaged();
  if (any.data.format > FORMAT) throw newer(any.data.release);
  const parsed = schema.safeParse(said);
  if (!parsed.success) throw damaged(parsed.error);
  return parsed.data;
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

async function* readFrom(file: FileHandle, { at, size }: Place): AsyncGenerator<Buffer> {
  for (let done = 0; done < size;) {
    const { bytesRead, buffer } = await file.read({
      buffer: Buffer.allocUnsafe(Math.min(READ_BYTES, size - done)),
      position: at + done,
    });
    if (bytesRead === 0) throw damaged();
    done += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

async function readWhole(file: FileHandle, place: Place): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of readFrom(file, place)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** @param release that made the dump, by its own account */
export function newer(release: string | undefined): DumpError {
  return new DumpError(
    'dump_newer',
    `The dump was made by a newer release${release ? ` (${release})` : ''} than this one: restore it with that release.`,
  );
}

function damaged(cause?: unknown): DumpError {
  const message =
    'The dump is damaged, or no dump of this product: it is not what was written, so nothing of it is used.';
  return new DumpError('dump_damaged', message, { cause });
}
