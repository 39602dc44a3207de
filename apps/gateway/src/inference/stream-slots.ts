import { Injectable } from '@nestjs/common';
import type { KeyId } from '@orgn/contracts';
import { GatewayConfig } from '../config.ts';
import { RefusalError } from '../errors/refusal.error.ts';

/** Counts the streams that are open under each key, so that one caller cannot take every connection. */
@Injectable()
export class StreamSlots {
  readonly #open = new Map<KeyId, number>();

  constructor(private readonly config: GatewayConfig) {}

  /**
   * @param key the first key of a rotation family: the old and the new key share the limit
   * @returns a function that gives the slot back
   * @throws RefusalError `rate_limit_exceeded`
   */
  take(key: KeyId): () => void {
    const limit = this.config.MAX_STREAMS_PER_KEY;
    const open = this.#open.get(key) ?? 0;
    if (open >= limit) {
      throw new RefusalError({
        code: 'rate_limit_exceeded',
        message: `This API key has ${limit} streams open, as many as it may. Wait for one to end.`,
      });
    }
    this.#open.set(key, open + 1);
    return () => this.#free(key);
  }

  #free(key: KeyId): void {
    const open = (this.#open.get(key) ?? 1) - 1;
    if (open === 0) this.#open.delete(key);
    else this.#open.set(key, open);
  }
}
