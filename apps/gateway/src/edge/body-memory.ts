import { Injectable } from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';
import { GatewayConfig } from '../config.ts';

/** The memory that request bodies take up, over all requests: what has no bound of its own is bounded together. */
@Injectable()
export class BodyMemory {
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

  lease(): BodyLease {
    return new BodyLease((bytes) => this.#take(bytes));
  }

  /** A negative number gives back. @returns false when there is not so much left; nothing is taken then */
  #take(bytes: number): boolean {
    if (bytes > 0 && this.#held + bytes > this.config.MAX_BODIES_BYTES) return false;
    this.#held += bytes;
    return true;
  }
}

/**
 * One request's part of the memory. It grows with the bytes that arrive and not with what was declared, so that
 * announcing much costs others nothing.
 */
export class BodyLease {
  #bytes = 0;

  constructor(private readonly take: (bytes: number) => boolean) {}

  /** @returns false when the memory is exhausted */
  grow(bytes: number): boolean {
    if (!this.take(bytes)) return false;
    this.#bytes += bytes;
    return true;
  }

  /** Gives everything back; repeating it changes nothing. */
  release(): void {
    this.take(-this.#bytes);
    this.#bytes = 0;
  }
}
