/** Holds a value until it has left. */
interface Box<V> {
  value: V | undefined;
}

/**
 * A Map for what comes and goes with requests or messages: the same order, the same results.
 *
 * V8 gives a Map another table whenever so many entries have come as it has room for, those that left included, and the former table
 * keeps what was in it, and a link to the next one (OrderedHashTable::Rehash). Once one table is in the old generation, each
 * next one is kept by the one before it until the next full collection, with everything that it held when it was replaced. Where
 * values are all that belongs to a request, all requests become old then: they are copied twice, and wait for a
 * full collection. Here tables hold boxes, and whoever leaves leaves an empty one.
 */
export class FleetingMap<K extends string | number, V> {
  readonly #boxes = new Map<K, Box<V>>();

  get size(): number {
    return this.#boxes.size;
  }

  has(key: K): boolean {
    return this.#boxes.has(key);
  }

  get(key: K): V | undefined {
    return this.#boxes.get(key)?.value;
  }

  set(key: K, value: V): this {
    const box = this.#boxes.get(key);
    if (box) box.value = value;
    else this.#boxes.set(key, { value });
    return this;
  }

  /** @returns whether it was there */
  delete(key: K): boolean {
    const box = this.#boxes.get(key);
    if (!box) return false;
    box.value = undefined;
    return this.#boxes.delete(key);
  }

  clear(): void {
    for (const box of this.#boxes.values()) box.value = undefined;
    this.#boxes.clear();
  }

  keys(): MapIterator<K> {
    return this.#boxes.keys();
  }

  *values(): Generator<V, void, undefined> {
    for (const box of this.#boxes.values()) yield box.value as V;
  }

  *[Symbol.iterator](): Generator<[K, V], void, undefined> {
    for (const [key, box] of this.#boxes) yield [key, box.value as V];
  }
}
