import { Duplex } from 'node:stream';
import type { Socket } from 'node:net';

/** How many bytes of a chunk arrive at once; asked again for what is left of it. */
export type Cut = (bytes: number) => number;

/** One end of a wire in memory. */
class WireEnd extends Duplex {
  other: WireEnd | undefined;
  #isBlocked = false;
  #waiting: (() => void)[] = [];

  constructor(private readonly cut: Cut) {
    super({ allowHalfOpen: false });
  }

  setNoDelay(): this {
    return this;
  }

  /** What is written stays where it is until this is called with false. */
  block(isBlocked: boolean): void {
    this.#isBlocked = isBlocked;
    if (!isBlocked) for (const write of this.#waiting.splice(0)) write();
  }

  override _read(): void {
    // What comes is pushed when it comes.
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    const write = () => {
      for (let at = 0; at < chunk.length;) {
        const end = at + Math.max(1, Math.min(chunk.length - at, this.cut(chunk.length - at)));
        if (!this.other?.destroyed) this.other?.push(Buffer.from(chunk.subarray(at, end)));
        at = end;
      }
      done();
    };
    if (this.#isBlocked) this.#waiting.push(write);
    else write();
  }

  override _final(done: () => void): void {
    if (!this.other?.destroyed) this.other?.push(null);
    done();
  }

  override _destroy(_error: Error | null, done: (error: Error | null) => void): void {
    if (this.other && !this.other.destroyed && !this.other.readableEnded) this.other.push(null);
    done(null);
  }
}

export interface Wire {
  gateway: Socket;
  router: Socket;
  /** Holds up what one side says. */
  block(side: 'gateway' | 'router', isBlocked: boolean): void;
}

/** Two sockets that are each other's other end; whatever one says arrives in pieces of the sizes that `cut` chooses. */
export function makeWire(cut: Cut = (bytes) => bytes): Wire {
  const [gateway, router] = [new WireEnd(cut), new WireEnd(cut)];
  gateway.other = router;
  router.other = gateway;
  const ends = { gateway, router };
  return {
    gateway: gateway as unknown as Socket,
    router: router as unknown as Socket,
    block: (side, isBlocked) => ends[side].block(isBlocked),
  };
}
