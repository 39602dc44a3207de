import { Injectable } from '@nestjs/common';
import type { KeyId } from '@orgn/contracts';
import { RecentMap } from '@orgn/service-kit';

/** Keys whose last success is remembered. */
const MAX_KEYS = 100_000;
/** How long a key that was accepted counts as known. */
const KNOWN_MS = 600_000;

interface Acceptance {
  at: number;
  lineageId: KeyId;
}

/**
 * The keys that this gateway has seen accepted lately. Known is who may send a body before the registry is asked, and who
 * passes the brake on guessing; it is no answer to whether a key is good, which is asked on every request.
 */
@Injectable()
export class KnownKeys {
  readonly #accepted = new RecentMap<string, Acceptance>(MAX_KEYS);

  /** @returns the first key of its rotation family; undefined for a key that was not accepted lately */
  lineageOf(digest: string): KeyId | undefined {
    const accepted = this.#accepted.get(digest);
    return accepted && performance.now() - accepted.at < KNOWN_MS ? accepted.lineageId : undefined;
  }

  note(digest: string, lineageId: KeyId): void {
    this.#accepted.set(digest, { at: performance.now(), lineageId });
  }

  forget(digest: string): void {
    this.#accepted.delete(digest);
  }
}
