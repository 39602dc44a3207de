import { Injectable } from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';
import { RouterConfig } from '../config.ts';

/**
 * What this router has in memory for others, over all requests: bodies of requests from their head to their end, and
 * what waits of answers until their usage is stored. Each has its own bound; this is the one that they have together.
 */
@Injectable()
export class HeldMemory {
  #held = 0;

  constructor(
    private readonly config: RouterConfig,
    registry: Registry,
  ) {
    const held = () => this.#held;
    new Gauge({
      name: 'orgn_router_held_bytes',
      help: 'Bytes of request bodies, and of answers whose usage is not stored yet, that are held in memory.',
      registers: [registry],
      collect() {
        this.set(held());
      },
    });
    new Gauge({
      name: 'orgn_router_held_max_bytes',
      help: 'Bytes at which requests and answers are refused for want of memory.',
      registers: [registry],
    }).set(config.MAX_HELD_BYTES);
  }

  lease(): MemoryLease {
    return new MemoryLease((bytes) => this.#take(bytes));
  }

  /** A negative number gives back. @returns false when there is not so much left; nothing is taken then */
  #take(bytes: number): boolean {
    if (bytes > 0 && this.#held + bytes > this.config.MAX_HELD_BYTES) return false;
    this.#held += bytes;
    return true;
  }
}

/** One request's part. It lasts until everybody who shares it has released it. */
export class MemoryLease {
  #bytes = 0;
  #owners = 1;

  constructor(private readonly take: (bytes: number) => boolean) {}

  /** @returns false when the memory is exhausted */
  grow(bytes: number): boolean {
    if (!this.take(bytes)) return false;
    this.#bytes += bytes;
    return true;
  }

  /** Another owner, who releases it in the end. */
  share(): this {
    this.#owners += 1;
    return this;
  }

  release(): void {
    this.#owners -= 1;
    if (this.#owners > 0) return;
    this.take(-this.#bytes);
    this.#bytes = 0;
  }
}
