import type { FrameBatch } from '../frames/frame-batch.ts';
import type { FrameName } from '../frames/frame-types.ts';

/** Bytes of one frame: small enough that others need not wait long for their turn. */
const FRAME_BYTES = 16 * 1024;

/** Bytes of one request that wait to be sent. What came in small pieces leaves in one frame. */
export class Pieces {
  #pieces: Buffer[] = [];
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  add(piece: Buffer): void {
    if (piece.length === 0) return;
    this.#pieces.push(piece);
    this.#bytes += piece.length;
  }

  /** Writes one frame of at most `most` bytes. @returns how many these are */
  takeFrame(batch: FrameBatch, name: FrameName, request: number, most: number): number {
    const bytes = Math.min(this.#bytes, most, FRAME_BYTES);
    if (bytes === 0) return 0;
    batch.begin(name, request, bytes);
    if (bytes === this.#bytes) {
      for (const piece of this.#pieces) batch.append(piece);
      this.#pieces = [];
    } else this.#takeSome(batch, bytes);
    this.#bytes -= bytes;
    return bytes;
  }

  /** Appends less than there is. */
  #takeSome(batch: FrameBatch, bytes: number): void {
    let left = bytes;
    let taken = 0;
    for (; left > 0; taken += 1) {
      const piece = this.#pieces[taken] as Buffer;
      batch.append(piece.length > left ? piece.subarray(0, left) : piece);
      if (piece.length > left) break;
      left -= piece.length;
    }
    const broken = this.#pieces[taken];
    if (broken) this.#pieces[taken] = broken.subarray(left);
    this.#pieces.splice(0, taken);
  }

  clear(): void {
    this.#pieces = [];
    this.#bytes = 0;
  }
}
