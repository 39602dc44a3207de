import { joined } from '../bytes/slices.ts';

/**
 * Bytes in memory that can be moved to another thread: Node keeps small ones in a memory that many share.
 * @returns the same bytes, or a copy where they are that small
 */
export function ownMemory(bytes: Uint8Array): Uint8Array {
  return bytes.buffer.byteLength > Buffer.poolSize ? bytes : new Uint8Array(bytes);
}

/** Pieces that came from another thread, as one. */
export function joinedBytes(pieces: readonly Uint8Array[]): Buffer {
  return joined(pieces.map(asBuffer));
}

/** Bytes as Node's own class has them, which is lost on the way from thread to thread. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
