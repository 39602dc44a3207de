/** A map of bounded size that forgets what was not touched for longest. */
export class RecentMap<K, V> {
  readonly #entries = new Map<K, V>();

  constructor(readonly capacity: number) {}

  get size(): number {
    return this.#entries.size;
  }

  get(key: K): V | undefined {
    const value = this.#entries.get(key);
    if (value !== undefined) this.set(key, value);
    return value;
  }

  /** @returns the value, so that a miss can be filled in one expression */
  set(key: K, value: V): V {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > this.capacity && oldest !== undefined) this.#entries.delete(oldest);
    return value;
  }

  delete(key: K): void {
    this.#entries.delete(key);
  }
}
