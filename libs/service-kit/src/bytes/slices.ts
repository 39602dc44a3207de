import { Readable } from 'node:stream';
import { setImmediate as endOfTurn } from 'node:timers/promises';

/** What is sent in one turn of the event loop: encrypting so much takes a tenth of a millisecond. */
const SLICE_BYTES = 256 * 1024;

/** How many bytes pieces have together. */
export function lengthOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}

/** Pieces as one, which takes time that grows with them: for few bytes, and for threads. */
export function joined(pieces: readonly Buffer[]): Buffer {
  const [first] = pieces;
  return first && pieces.length === 1 ? first : Buffer.concat(pieces);
}

/**
 * Bytes to be sent: few at once, many in slices, one in each turn of the event loop. A socket that is given many at once
 * would copy and encrypt them all before anything else happens.
 */
export function toSendable(pieces: readonly Buffer[]): Buffer | Readable {
  if (lengthOf(pieces) <= SLICE_BYTES) return joined(pieces);
  return Readable.from(slicesOf(pieces), { objectMode: false, highWaterMark: SLICE_BYTES });
}

/** Pieces in slices of about one size, however small or large they are themselves. */
async function* slicesOf(pieces: readonly Buffer[]): AsyncGenerator<Buffer> {
  let gathered: Buffer[] = [];
  let size = 0;
  for (const part of partsOf(pieces)) {
    gathered.push(part);
    size += part.length;
    if (size < SLICE_BYTES) continue;
    yield joined(gathered);
    gathered = [];
    size = 0;
    await endOfTurn();
  }
  if (gathered.length > 0) yield joined(gathered);
}

function* partsOf(pieces: readonly Buffer[]): Generator<Buffer> {
  for (const piece of pieces)
    for (let at = 0; at < piece.length; at += SLICE_BYTES) yield piece.subarray(at, at + SLICE_BYTES);
}
