/** Longest time a verification may be under way; what changed before that was seen by it. */
const KEPT_MS = 10_000;

/**
 * The changes that were heard of lately. A change may be announced while the answer to an older question is still on its
 * way; the request that this answer admits was not there to be asked about when the announcement came.
 */
export class RecentChanges {
  readonly #heardAt = new Map<string, number>();

  note(ids: readonly string[], now: number): void {
    for (const id of ids) {
      // The map stays in the order of hearing, so that the old ones are at its front.
      this.#heardAt.delete(id);
      this.#heardAt.set(id, now);
    }
    for (const [id, heardAt] of this.#heardAt) {
      if (now - heardAt < KEPT_MS) break;
      this.#heardAt.delete(id);
    }
  }

  /** Whether a change of one of these was heard of at that moment or later. */
  hasAny(ids: readonly string[], since: number): boolean {
    return ids.some((id) => (this.#heardAt.get(id) ?? -Infinity) >= since);
  }
}
