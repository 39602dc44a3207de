import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';

const CR = 0x0d;
const LF = 0x0a;

/**
 * Writes an answer to its caller. Of one whose length is not known each piece leaves as one buffer with its frame (RFC 9112, 7.1):
 * the response's own `write` hands the same bytes over in four pieces and gathers them again, for each event of each stream.
 */
export class AnswerWriter {
  #isWaiting = false;

  constructor(private readonly response: ServerResponse) {}

  begin(status: number, headers: OutgoingHttpHeaders): void {
    const { response } = this;
    response.writeHead(status, headers);
    // An answer of known length is complete already, and leaves in one packet with its headers.
    if (headers['content-length'] !== undefined) return;
    // So does what has come of any other one with its head.
    const { socket } = response;
    socket?.cork();
    response.flushHeaders();
    process.nextTick(() => socket?.uncork());
  }

  /** @returns false when the caller is behind: no more until the response tells of a `drain` */
  write(piece: Buffer): boolean {
    const { response } = this;
    const { socket } = response;
    // Nothing waits in the response itself, as behind the answer to another request of the same connection.
    const isNext = socket && response.chunkedEncoding && response.writableLength === socket.writableLength;
    if (isNext && piece.length > 0) return socket.write(framed(piece)) || this.#wait();
    // A caller that is behind keeps what is its own, not all that came with it for others.
    return response.write(response.writableLength > 0 ? Buffer.from(piece) : piece);
  }

  /** A response tells only of what went through it. */
  #wait(): false {
    const { response } = this;
    if (!this.#isWaiting) {
      response.socket?.once('drain', () => {
        this.#isWaiting = false;
        response.emit('drain');
      });
    }
    this.#isWaiting = true;
    return false;
  }
}

function framed(piece: Buffer): Buffer {
  const length = piece.length.toString(16);
  const start = length.length + 2;
  const end = start + piece.length;
  const frame = Buffer.allocUnsafe(end + 2);
  frame.write(length, 'latin1');
  frame[start - 2] = CR;
  frame[start - 1] = LF;
  frame.set(piece, start);
  frame[end] = CR;
  frame[end + 1] = LF;
  return frame;
}
