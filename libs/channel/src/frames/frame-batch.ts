import { FRAME_HEAD_BYTES, frameTypes, type FrameName } from './frame-types.ts';

/** Frames that leave together, in one write. */
export class FrameBatch {
  #pieces: Buffer[] = [];
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  add(name: FrameName, request: number, payload?: Buffer): void {
    this.begin(name, request, payload?.length ?? 0);
    if (payload) this.append(payload);
  }

  /** Begins a frame whose payload is appended piece by piece. @param length of all of it */
  begin(name: FrameName, request: number, length: number): void {
    const head = Buffer.allocUnsafe(FRAME_HEAD_BYTES);
    head.writeUInt32BE(length * 256 + frameTypes[name].code, 0);
    head.writeUInt32BE(request, 4);
    this.append(head);
  }

  append(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#bytes += piece.length;
  }

  /** Empties it. One piece of memory, so that it is one write, and one record under TLS where it is small. */
  take(): Buffer {
    const all = Buffer.concat(this.#pieces, this.#bytes);
    this.#pieces = [];
    this.#bytes = 0;
    return all;
  }
}
