import { createHash } from 'node:crypto';

const MAX_LENGTH = 64;
const HASH_LENGTH = 8;

/**
 * Names for tools whose own cannot be a function's. What a name becomes follows from the request alone, so that the next
 * turn's history gets the same ones, and no two tools share one.
 */
export class ToolNames {
  readonly #taken: Set<string>;
  readonly #given = new Map<string, string>();

  /** @param literal names that stay as they are */
  constructor(literal: Iterable<string>) {
    this.#taken = new Set(literal);
  }

  /** The name of a tool. @param key tells the tool from all others */
  nameFor(key: string, wish: string): string {
    const given = this.#given.get(key);
    if (given !== undefined) return given;
    const name = this.#free(key, wish.replace(/[^a-zA-Z0-9_-]/g, '_'));
    this.#given.set(key, name);
    this.#taken.add(name);
    return name;
  }

  #free(key: string, wish: string): string {
    if (wish.length <= MAX_LENGTH && !this.#taken.has(wish)) return wish;
    for (let attempt = 0; ; attempt += 1) {
      const hash = createHash('sha256').update(`${attempt}\0${key}`).digest('hex').slice(0, HASH_LENGTH);
      const name = `${wish.slice(0, MAX_LENGTH - HASH_LENGTH - 1)}_${hash}`;
      if (!this.#taken.has(name)) return name;
    }
  }
}
