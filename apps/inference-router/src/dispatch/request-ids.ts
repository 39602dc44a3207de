/** Longer than any request may run, so that a repeated id cannot slip in behind a running one. */
const KEPT_MS = 30 * 60_000;

/** Request ids this router has accepted: each is accepted once, so that no retry can execute or charge twice. */
export class RequestIds {
  readonly #seen = new Map<string, number>();

  /** @returns false when the id was accepted before */
  accept(id: string): boolean {
    this.#dropOld();
    if (this.#seen.has(id)) return false;
    this.#seen.set(id, Date.now());
    return true;
  }

  #dropOld(): void {
    const before = Date.now() - KEPT_MS;
    for (const [id, at] of this.#seen) {
      if (at >= before) return;
      this.#seen.delete(id);
    }
  }
}
