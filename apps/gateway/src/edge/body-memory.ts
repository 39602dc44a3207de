import { Injectable } from '@nestjs/common';
import { networkOf } from '@orgn/service-kit';
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
  readonly #shares = new Map<string, number>();
  /** Of the pot. */
  #taken = 0;
  /** With the first bytes of each body. */
  #held = 0;

  constructor(
    private readonly config: GatewayConfig,
    metrics: Registry,
  ) {
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
  take(bytes: number, { key, network }: Holder): boolean {
    const left = this.config.MAX_BODIES_BYTES - this.#taken - bytes;
    const hasRoom = this.#shareOf(key) + bytes <= left && this.#shareOf(network) + bytes <= NETWORK_SHARE * left;
    if (hasRoom) this.#count(bytes, { key, network });
    return hasRoom;
  }

  /** Gives back to the pot. */
  give(bytes: number, holder: Holder): void {
    this.#count(-bytes, holder);
  }

  /** Notes that more is held, or with a negative number less, wherever it came from. */
  note(bytes: number): void {
    this.#held += bytes;
  }

  #shareOf(holder: string): number {
    return this.#shares.get(holder) ?? 0;
  }

  #count(bytes: number, { key, network }: Holder): void {
    this.#taken += bytes;
    for (const holder of [key, network]) {
      const share = this.#shareOf(holder) + bytes;
      if (share === 0) this.#shares.delete(holder);
      else this.#shares.set(holder, share);
    }
  }
}

/** Whose a body is: two names that cannot be mistaken for each other. */
interface Holder {
  key: string;
  network: string;
}

/**
 * One request's part of the memory. It grows with the bytes that arrive and not with what was declared, so that
 * announcing much costs others nothing.
 */
export class BodyLease {
  #bytes = 0;
  #holder: Holder | undefined;

  constructor(
    private readonly memory: BodyMemory,
    private readonly key: PresentedKey | undefined,
  ) {}

  /** @returns false when its share of the memory is exhausted */
  grow(bytes: number): boolean {
    const before = beyondSmall(this.#bytes);
    const more = beyondSmall(this.#bytes + bytes) - before;
    if (more > 0 && !this.memory.take(more, (this.#holder ??= holderOf(this.key)))) return false;
    this.#bytes += bytes;
    this.memory.note(bytes);
    return true;
  }

  /** Gives everything back; repeating it changes nothing. */
  release(): void {
    if (this.#holder) this.memory.give(beyondSmall(this.#bytes), this.#holder);
    this.memory.note(-this.#bytes);
    this.#bytes = 0;
    this.#holder = undefined;
  }
}

function beyondSmall(bytes: number): number {
  return Math.max(0, bytes - SMALL_BYTES);
}

function holderOf(key: PresentedKey | undefined): Holder {
  return { key: `key ${key?.digest ?? ''}`, network: `network ${networkOf(key?.address ?? null)}` };
}
