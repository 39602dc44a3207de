import { networkOf, SharedMemory, toClientAddress } from '@orgn/service-kit';

/** Of each body so many bytes are always taken: hardly anything that people send is longer. */
const SMALL_BYTES = 16 * 1024;
/** What all bodies may hold beyond those. */
const POT_BYTES = 64 * 1024 * 1024;

/**
 * The memory of request bodies, most of which arrive before it is known whose they are: a network gets half of it, each of
 * many the same, and small bodies always find room.
 */
export class BodyMemory {
  readonly #pot = new SharedMemory(POT_BYTES);

  /** @param ip as the request's client address is known */
  lease(ip: string): BodyLease {
    const holders = [{ name: networkOf(toClientAddress(ip)), share: 1 }];
    return new BodyLease(
      (bytes) => this.#pot.take(bytes, holders),
      (bytes) => this.#pot.give(bytes, holders),
    );
  }
}

/** One request's part of the memory, which grows with the bytes that arrive. */
export class BodyLease {
  #bytes = 0;

  constructor(
    private readonly take: (bytes: number) => boolean,
    private readonly give: (bytes: number) => void,
  ) {}

  /** @returns false when there is no room */
  grow(bytes: number): boolean {
    const more = beyondSmall(this.#bytes + bytes) - beyondSmall(this.#bytes);
    if (more > 0 && !this.take(more)) return false;
    this.#bytes += bytes;
    return true;
  }

  /** Gives everything back; repeating it changes nothing. */
  release(): void {
    const held = beyondSmall(this.#bytes);
    this.#bytes = 0;
    if (held > 0) this.give(held);
  }
}

function beyondSmall(bytes: number): number {
  return Math.max(0, bytes - SMALL_BYTES);
}
