import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants } from 'node:zlib';

const compress = promisify(brotliCompress);
const decompress = promisify(brotliDecompress);

/** Far beyond a report of eight GPUs. */
const MOST_BYTES = 16 * 1024 * 1024;
/** A report holds itself twice, with hundreds of kilobytes between. */
const WINDOW = 22;
const QUALITY = 9;

/** A text that is kept once, under its digest. */
export interface Content {
  /** SHA-256 of the text, or of its name: 32 bytes. */
  readonly digest: Buffer;
  readonly text: string;
}

export function contentOf(text: string): Content {
  return { digest: createHash('sha256').update(text).digest(), text };
}

/** A text that is found by a name instead, which no other has. */
export function namedContent(name: string, text: string): Content {
  return { digest: digestOfName(name), text };
}

export const digestOfName = (name: string): Buffer => createHash('sha256').update(`orgn ${name}`).digest();

/** @returns bytes that `unpack` takes */
export function pack(text: string): Promise<Buffer> {
  const params = { [constants.BROTLI_PARAM_QUALITY]: QUALITY, [constants.BROTLI_PARAM_LGWIN]: WINDOW };
  return compress(text, { params });
}

/** @throws Error for what `pack` did not make */
export async function unpack(body: Buffer): Promise<string> {
  return (await decompress(body, { maxOutputLength: MOST_BYTES })).toString('utf8');
}

/** Digests that stand one after the other, 32 bytes each. */
export function digestsIn(bytes: Buffer): Buffer[] {
  return Array.from({ length: bytes.length / 32 }, (_, at) => bytes.subarray(at * 32, at * 32 + 32));
}
