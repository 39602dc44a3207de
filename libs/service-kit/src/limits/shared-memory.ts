/** Who holds memory, by a name that nobody else has, and how many times what is still free they may hold of it. */
export interface Holder {
  name: string;
  share: number;
}

/**
 * Memory that many share, so that no holder gets all of it: each may hold as much as is left for all others, or a multiple of
 * that. A holder with a share of one gets half of it, each of many gets the same, and whoever comes next always finds some.
 */
export class SharedMemory {
  readonly #held = new Map<string, number>();
  #taken = 0;

  /** @param size bytes that there are */
  constructor(private readonly size: number) {}

  /** @returns false when that is more than the share of one of the holders; nothing is taken then */
  take(bytes: number, holders: readonly Holder[]): boolean {
    const left = this.size - this.#taken - bytes;
    if (holders.some(({ name, share }) => this.#of(name) + bytes > share * left)) return false;
    this.#count(bytes, holders);
    return true;
  }

  give(bytes: number, holders: readonly Holder[]): void {
    this.#count(-bytes, holders);
  }

  #of(name: string): number {
    return this.#held.get(name) ?? 0;
  }

  #count(bytes: number, holders: readonly Holder[]): void {
    this.#taken += bytes;
    for (const { name } of holders) {
      const held = this.#of(name) + bytes;
      if (held === 0) this.#held.delete(name);
      else this.#held.set(name, held);
    }
  }
}
