import { FRAME_HEAD_BYTES, frameTypes, type FrameName } from './frame-types.ts';

/** Memory that a batch begins with, at least and at most; it doubles until what is added fits. */
const FIRST_BYTES = { least: 2 * 1024, most: 64 * 1024 };
const nothing = Buffer.alloc(0);

/**
 * Frames that leave together, in one write. They are laid into one piece of memory as they come: nothing is made for a frame
 * but its bytes, and between writes nothing is held.
 */
export class FrameBatch {
  #memory: Buffer = nothing;
  #bytes = 0;
  /** As large as the last batch was, so that memory need not grow step by step. */
  #firstBytes = FIRST_BYTES.least;

  get bytes(): number {
    return this.#bytes;
  }

  add(name: FrameName, request: number, payload?: Buffer): void {
    this.begin(name, request, payload?.length ?? 0);
    if (payload) this.append(payload);
  }

  /** Begins a frame whose payload is appended piece by piece. @param length of all of it */
  begin(name: FrameName, request: number, length: number): void {
    this.#makeRoom(FRAME_HEAD_BYTES + length);
    this.#memory.writeUInt32BE(length * 256 + frameTypes[name].code, this.#bytes);
    this.#memory.writeUInt32BE(request, this.#bytes + 4);
    this.#bytes += FRAME_HEAD_BYTES;
  }

  append(piece: Buffer): void {
    this.#makeRoom(piece.length);
    this.#memory.set(piece, this.#bytes);
    this.#bytes += piece.length;
  }

  /** Empties it. One piece of memory, so that it is one write, and one record under TLS where it is small. */
  take(): Buffer {
    const all = this.#memory.subarray(0, this.#bytes);
    this.#firstBytes = Math.min(FIRST_BYTES.most, Math.max(FIRST_BYTES.least, this.#bytes));
    this.#memory = nothing;
    this.#bytes = 0;
    return all;
  }

  #makeRoom(bytes: number): void {
    const needed = this.#bytes + bytes;
    if (needed <= this.#memory.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#memory.length * 2, this.#firstBytes));
    larger.set(this.#memory.subarray(0, this.#bytes));
    this.#memory = larger;
  }
}
