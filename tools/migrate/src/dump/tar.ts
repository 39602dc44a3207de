/** The unit in which a tar is written, in bytes. */
export const BLOCK = 512;
/** Two empty blocks say that a tar ends. */
export const END = Buffer.alloc(2 * BLOCK);

/** What stands before the content of a file in a tar (POSIX.1-1988, ustar), as far as dumps have it. */
export interface TarHeader {
  name: string;
  /** Bytes of content. */
  size: number;
}

const MAX_NAME = 100;
const CHECKSUM = { at: 148, length: 8 };

/** Bytes that fill the last block of a content of `size` bytes. */
export function padding(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

/** A header block. Only its owner reads what is unpacked, and times say nothing: the manifest has the time. */
export function toHeader({ name, size }: TarHeader): Buffer {
  if (Buffer.byteLength(name) > MAX_NAME) throw new RangeError('a name in a tar has 100 bytes at most');
  const block = Buffer.alloc(BLOCK);
  block.write(name, 0);
  block.write(`${octal(0o600, 7)}\0${octal(0, 7)}\0${octal(0, 7)}\0${octal(size, 11)}\0${octal(0, 11)}\0`, 100);
  block.write('0ustar\x0000', 156);
  block.write(`${octal(checksumOf(block), 6)}\0 `, CHECKSUM.at);
  return block;
}

/** @returns undefined when the block is not exactly what `toHeader` makes */
export function parseHeader(block: Buffer): TarHeader | undefined {
  const name = block.toString('utf8', 0, block.indexOf(0) === -1 ? MAX_NAME : Math.min(block.indexOf(0), MAX_NAME));
  const size = Number.parseInt(block.toString('latin1', 124, 135), 8);
  if (name === '' || !Number.isSafeInteger(size) || Buffer.byteLength(name) > MAX_NAME) return undefined;
  return toHeader({ name, size }).equals(block) ? { name, size } : undefined;
}

/** As the standard has it: the sum of the bytes of a header, its own place taken for spaces. */
function checksumOf(block: Buffer): number {
  const withSpaces = Buffer.from(block);
  withSpaces.fill(' ', CHECKSUM.at, CHECKSUM.at + CHECKSUM.length);
  return withSpaces.reduce((sum, byte) => sum + byte, 0);
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}
