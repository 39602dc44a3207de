const LF = 0x0a;
const CR = 0x0d;

/**
 * Cuts a stream of bytes into whole server-sent events, whatever the chunk boundaries; each event keeps its own
 * terminator, so joined together they are the stream again. Line ends may be LF, CR LF or CR (HTML Living Standard 9.2.6).
 */
export class EventSplitter {
  #rest: Buffer = Buffer.alloc(0);
  #scanned = 0;

  /** @param maxEventBytes an event longer than this is a RangeError: memory stays bounded */
  constructor(private readonly maxEventBytes: number) {}

  /** Bytes of an event that has not ended yet. */
  get pending(): Buffer {
    return this.#rest;
  }

  push(chunk: Buffer): Buffer[] {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const events: Buffer[] = [];
    let start = 0;
    let end = nextEnd(bytes, this.#scanned);
    while (end !== undefined) {
      events.push(bytes.subarray(start, end));
      start = end;
      end = nextEnd(bytes, start);
    }
    this.#rest = bytes.subarray(start);
    if (this.#rest.length > this.maxEventBytes) throw new RangeError('a server-sent event is too long');
    // A terminator may be split over chunks: look again at the last three bytes.
    this.#scanned = Math.max(0, this.#rest.length - 3);
    return events;
  }

  /** What came after the last blank line when the stream ended: its last event, with the blank line that it lacks. */
  end(): Buffer | undefined {
    const rest = this.#rest;
    this.#rest = Buffer.alloc(0);
    return rest.length > 0 ? Buffer.concat([rest, Buffer.from('\n\n')]) : undefined;
  }
}

/** Offset just past the next blank line at or after `from`; undefined when there is none yet. */
function nextEnd(bytes: Buffer, from: number): number | undefined {
  for (let at = nextLineEnd(bytes, from); at >= 0; at = nextLineEnd(bytes, at)) {
    const afterLine = pastLineEnd(bytes, at);
    const isLineEnd = bytes[afterLine] === LF || bytes[afterLine] === CR;
    if (isLineEnd) {
      const end = pastLineEnd(bytes, afterLine);
      // A CR at the very end may be half of CR LF; wait for the next chunk to see.
      return bytes[end - 1] === CR && end === bytes.length ? undefined : end;
    }
    at = afterLine;
  }
  return undefined;
}

function nextLineEnd(bytes: Buffer, from: number): number {
  const lf = bytes.indexOf(LF, from);
  const cr = bytes.indexOf(CR, from);
  if (lf < 0) return cr;
  return cr < 0 ? lf : Math.min(lf, cr);
}

function pastLineEnd(bytes: Buffer, at: number): number {
  return bytes[at] === CR && bytes[at + 1] === LF ? at + 2 : at + 1;
}
