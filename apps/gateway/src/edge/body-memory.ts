import { Injectable } from '@nestjs/common';
import { networkOf, SharedMemory, type Holder } from '@orgn/service-kit';
import { Gauge, Registry } from 'prom-client';
import type { PresentedKey } from '../authentication/presented-key.ts';
import { GatewayConfig } from '../config.ts';

/** Of each body so many bytes are always taken: whoever sends little never has to care how much others send. */
export const SMALL_BYTES = 64 * 1024;
/** A network may hold so many times what is still free, a key as much as is still free. */
const NETWORK_SHARE = 3;

/**
 * The memory that request bodies take up, over all requests. What is beyond the first bytes of each comes out of one pot, in
 * shares: a key may hold as much of it as is left for all others, and a network three times as much. So a single key gets
 * half of it, a single network three quarters, each of many gets the same, and whoever comes next always finds some.
 */
@Injectable()
export class BodyMemory {
  readonly #pot: SharedMemory;
  /** With the first bytes of each body. */
  #held = 0;

  constructor({ MAX_BODIES_BYTES }: GatewayConfig, metrics: Registry) {
    this.#pot = new SharedMemory(MAX_BODIES_BYTES);
    const held = () => this.#held;
    new Gauge({
      name: 'orgn_edge_body_bytes',
      help: 'Bytes of request bodies that are held in memory.',
      registers: [metrics],
      collect() {
        this.set(held());
      },
    });
  }

  /** @param key the one that a request came with; what has none shares as if it all had the same */
  lease(key: PresentedKey | undefined): BodyLease {
    return new BodyLease(this, key);
  }

  /** Takes of the pot. @returns false when that is more than the key's or the network's share; nothing is taken then */
  take(bytes: number, holders: readonly Holder[]): boolean {
    return this.#pot.take(bytes, holders);
  }

  /** Gives back to the pot. */
  give(bytes: number, holders: readonly Holder[]): void {
    this.#pot.give(bytes, holders);
  }

  /** Notes that more is held, or with a negative number less, wherever it came from. */
  note(bytes: number): void {
    this.#held += bytes;
  }
}

/**
 * One request's part of the memory. It grows with the bytes that arrive and not with what was declared, so that
 * announcing much costs others nothing.
 */
export class BodyLease {
  #bytes = 0;
  #holders: Holder[] | undefined;

  constructor(
    private readonly memory: BodyMemory,
    private readonly key: PresentedKey | undefined,
  ) {}

  /** @returns false when its share of the memory is exhausted */
  grow(bytes: number): boolean {
    const before = beyondSmall(this.#bytes);
    const more = beyondSmall(this.#bytes + bytes) - before;
    if (more > 0 && !this.memory.take(more, (this.#holders ??= holdersOf(this.key)))) return false;
    this.#bytes += bytes;
    this.memory.note(bytes);
    return true;
  }

  /** Gives everything back; repeating it changes nothing. */
  release(): void {
    if (this.#holders) this.memory.give(beyondSmall(this.#bytes), this.#holders);
    this.memory.note(-this.#bytes);
    this.#bytes = 0;
    this.#holders = undefined;
  }
}

function beyondSmall(bytes: number): number {
  return Math.max(0, bytes - SMALL_BYTES);
}

function holdersOf(key: PresentedKey | undefined): Holder[] {
  return [
    { name: `key ${key?.digest ?? ''}`, share: 1 },
    { name: `network ${networkOf(key?.address ?? null)}`, share: NETWORK_SHARE },
  ];
}
