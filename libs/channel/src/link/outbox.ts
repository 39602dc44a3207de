import type { Writable } from 'node:stream';
import { FleetingMap } from '@orgn/collections';
import { FrameBatch } from '../frames/frame-batch.ts';
import type { FrameName } from '../frames/frame-types.ts';

/** Something that has bytes to send, a frame at a time. */
export interface FrameSource {
  /** Of its request. */
  readonly number: number;
  /**
   * Writes its next frame, if it may send one now.
   * @returns whether it has another one that it may send
   */
  takeFrame(batch: FrameBatch): boolean;
}

/** Bytes that are handed to the socket at once: what one request has more of waits for the next turn. */
const TURN_BYTES = 256 * 1024;

/** What comes within this time after a write leaves together, in milliseconds. */
const GATHER_MS = 1;

/** Frames that somebody waits for who has nothing yet: of streams there are a hundred others to each of them. */
const urgent: ReadonlySet<FrameName> = new Set(['request', 'answer', 'cancel']);

/**
 * What is to be sent. What one turn of the event loop produced leaves in one write at its end, and after a write what a
 * millisecond brings: a channel that has little to carry delays nothing, and a busy one writes, and its other side reads,
 * a thousand times a second instead of once for each event of each stream. What begins waits for that no longer than what began
 * before it, so that a new stream does not pay for the events of others. Bytes of requests go round robin, so that a large
 * one holds up nobody; and while the socket is full they wait where they are.
 */
export class Outbox {
  readonly #batch = new FrameBatch();
  readonly #sources = new FleetingMap<number, FrameSource>();
  #afterWrite: (() => void)[] = [];
  #isScheduled = false;
  /** What was scheduled is this, and not the end of the turn. */
  #timer: NodeJS.Timeout | undefined;
  #flushedAt = Number.NEGATIVE_INFINITY;
  #hurriedAt = Number.NEGATIVE_INFINITY;
  #isFull = false;
  #isClosed = false;
  /** Whether something was written since this was last set to false. */
  hasWritten = false;

  constructor(
    private readonly socket: Writable,
    private readonly gatherMs = GATHER_MS,
  ) {
    socket.on('drain', () => {
      this.#isFull = false;
      if (this.#batch.bytes > 0 || this.#sources.size > 0) this.#schedule();
    });
  }

  /** Bytes of frames that nobody's credit bounds, and that have not left. */
  get waitingBytes(): number {
    return this.#batch.bytes;
  }

  /** A frame that goes before all bytes of requests. */
  push(name: FrameName, request: number, payload?: Buffer): void {
    this.#batch.add(name, request, payload);
    this.#schedule();
    if (this.#timer && urgent.has(name)) this.#hurry();
  }

  /** Calls back once what was pushed or taken so far has been handed to the socket. */
  afterWrite(call: () => void): void {
    this.#afterWrite.push(call);
  }

  add(source: FrameSource): void {
    this.#sources.set(source.number, source);
    this.#schedule();
  }

  remove({ number }: FrameSource): void {
    this.#sources.delete(number);
  }

  /** Hands over what is pushed, at once, and takes nothing more. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#sources.clear();
    this.#afterWrite = [];
    if (this.#batch.bytes > 0 && this.socket.writable) this.socket.write(this.#batch.take());
  }

  #schedule(): void {
    if (this.#isScheduled || this.#isFull || this.#isClosed) return;
    this.#isScheduled = true;
    if (performance.now() - this.#flushedAt >= this.gatherMs) setImmediate(this.#flush);
    else this.#timer = setTimeout(this.#flush, this.gatherMs);
  }

  /** Lets leave at the end of the turn what would wait, once in the time that others are gathered for. */
  #hurry(): void {
    const now = performance.now();
    if (now - this.#hurriedAt < this.gatherMs) return;
    this.#hurriedAt = now;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    setImmediate(this.#flush);
  }

  readonly #flush = (): void => {
    this.#isScheduled = false;
    this.#timer = undefined;
    this.#flushedAt = performance.now();
    if (this.#isFull || this.#isClosed) return;
    this.#gather();
    if (this.#batch.bytes > 0) this.#write();
    const calls = this.#afterWrite;
    this.#afterWrite = [];
    for (const call of calls) call();
    if (this.#sources.size === 0) return;
    this.#isScheduled = true;
    setImmediate(this.#flush);
  };

  #write(): void {
    this.hasWritten = true;
    this.#isFull = !this.socket.write(this.#batch.take());
  }

  #gather(): void {
    for (const source of this.#sources.values()) {
      if (this.#batch.bytes >= TURN_BYTES) return;
      // Whoever has more goes behind the others: a map is walked in the order in which it was filled, later entries included.
      this.#sources.delete(source.number);
      if (source.takeFrame(this.#batch)) this.#sources.set(source.number, source);
    }
  }
}
