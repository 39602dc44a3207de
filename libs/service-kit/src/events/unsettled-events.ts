/** JetStream holds the events too, so under a very long outage the oldest may leave memory before they are settled. */
const MAX_KEPT = 100_000;

/** Events that were published and not yet confirmed by their consumer, oldest first. */
export class UnsettledEvents<E> {
  readonly #kept = new Map<string, { event: E; sentAt: number }>();

  get size(): number {
    return this.#kept.size;
  }

  keep(id: string, event: E): void {
    this.#kept.set(id, { event, sentAt: Date.now() });
    if (this.#kept.size > MAX_KEPT) this.drop([this.#kept.keys().next().value as string]);
  }

  drop(ids: readonly string[]): void {
    for (const id of ids) this.#kept.delete(id);
  }

  /** Up to `limit` events last sent before `before` (epoch ms), marked as sent now and moved to the end of the queue. */
  takeOverdue(before: number, limit: number): E[] {
    const taken: E[] = [];
    for (const [id, entry] of this.#kept) {
      if (entry.sentAt > before || taken.length === limit) break;
      this.#kept.delete(id);
      this.keep(id, entry.event);
      taken.push(entry.event);
    }
    return taken;
  }
}
