import { BLOCK, END, toHeader } from './tar.ts';

/** The last file in a dump: the SHA-256 of everything before it, in hex. */
const NAME = 'sha256';

/** Bytes at the end of a dump that the digest does not cover, since it stands in them. */
export const TAIL = 2 * BLOCK + END.length;

/** How a dump ends whose other bytes have this digest: not one bit of it is free. */
export function toTail(sha256: Buffer): Buffer {
  const content = Buffer.alloc(BLOCK);
  const size = content.write(`${sha256.toString('hex')}\n`);
  return Buffer.concat([toHeader({ name: NAME, size }), content, END]);
}
