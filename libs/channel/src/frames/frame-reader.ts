import { ChannelError } from './channel-error.ts';
import { FRAME_HEAD_BYTES, frameTypeOf, MAX_PAYLOAD_BYTES, type FrameName, type Side } from './frame-types.ts';

/** Takes a frame. @param payload is good until the call returns, and longer only if it is copied or its chunk is kept */
export type TakeFrame = (name: FrameName, request: number, payload: Buffer) => void;

/**
 * Makes frames of bytes, however these are cut. It holds at most one frame that has not come whole, and looks at each byte
 * of it twice at most.
 */
export class FrameReader {
  /** What has come of a frame that is not whole. */
  #parts: Buffer[] = [];
  #partBytes = 0;
  /** How much of it there must be to go on. */
  #wantedBytes = FRAME_HEAD_BYTES;

  /** @param from whose frames are read */
  constructor(
    private readonly from: Side,
    private readonly take: TakeFrame,
  ) {}

  /** @throws ChannelError at the first frame that cannot be; whatever `take` throws */
  read(chunk: Buffer): void {
    let rest = chunk;
    while (this.#partBytes > 0 && rest.length > 0) rest = this.#complete(rest);
    rest = this.#takeWhole(rest);
    if (rest.length > 0) this.#keep(rest);
  }

  /** Takes the frames that are whole in one chunk. @returns what is left of it */
  #takeWhole(chunk: Buffer): Buffer {
    let at = 0;
    while (chunk.length - at >= FRAME_HEAD_BYTES) {
      const bytes = FRAME_HEAD_BYTES + lengthAt(chunk, at);
      if (chunk.length - at < bytes) break;
      this.#takeAt(chunk, at, bytes);
      at += bytes;
    }
    return at === 0 ? chunk : chunk.subarray(at);
  }

  #keep(part: Buffer): void {
    // A copy, because a chunk of the socket is much larger than what is left of it.
    this.#parts = [Buffer.from(part)];
    this.#partBytes = part.length;
    this.#wantedBytes = part.length < FRAME_HEAD_BYTES ? FRAME_HEAD_BYTES : FRAME_HEAD_BYTES + lengthAt(part, 0);
  }

  /** Adds to the frame that is not whole. @returns what is left behind it */
  #complete(chunk: Buffer): Buffer {
    const missing = this.#wantedBytes - this.#partBytes;
    const part = chunk.subarray(0, missing);
    this.#parts.push(part.length < chunk.length ? part : Buffer.from(part));
    this.#partBytes += part.length;
    if (part.length === missing) this.#advance();
    return chunk.subarray(part.length);
  }

  /** Its head, or all of it, is there. */
  #advance(): void {
    const frame = Buffer.concat(this.#parts, this.#partBytes);
    this.#wantedBytes = FRAME_HEAD_BYTES + lengthAt(frame, 0);
    this.#parts = [frame];
    if (frame.length < this.#wantedBytes) return;
    this.#parts = [];
    this.#partBytes = 0;
    this.#wantedBytes = FRAME_HEAD_BYTES;
    this.#takeAt(frame, 0, frame.length);
  }

  #takeAt(chunk: Buffer, at: number, bytes: number): void {
    const type = frameTypeOf(chunk[at + 3] as number);
    if (type === undefined) throw new ChannelError('unknown_frame', 'There is no frame of this type.');
    const { name, from, of } = type;
    const request = chunk.readUInt32BE(at + 4);
    if ((from !== 'both' && from !== this.from) || (of === 'connection') !== (request === 0)) {
      throw new ChannelError('out_of_order', `A ${name} frame cannot come there.`);
    }
    this.take(name, request, chunk.subarray(at + FRAME_HEAD_BYTES, at + bytes));
  }
}

/** @param chunk in which a whole head stands at `at` */
function lengthAt(chunk: Buffer, at: number): number {
  const length = chunk.readUInt32BE(at) >>> 8;
  if (length <= MAX_PAYLOAD_BYTES) return length;
  throw new ChannelError('too_large', `A frame is longer than ${MAX_PAYLOAD_BYTES} bytes.`);
}
