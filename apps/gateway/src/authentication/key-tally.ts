import type { KeyId } from '@orgn/contracts';
import { RefusalError } from '../errors/refusal.error.ts';

/** Counts what is under way for each key, up to a limit. */
export class KeyTally {
  readonly #counts = new Map<KeyId, number>();

  constructor(
    private readonly limit: number,
    private readonly message: (who: string) => string,
  ) {}

  /**
   * @param key the first key of a rotation family: the old and the new key share the limit
   * @param who has the limit, at the beginning of a sentence
   * @returns a function that gives the place back; repeating it changes nothing
   * @throws RefusalError `rate_limit_exceeded`
   */
  take(key: KeyId, who = 'This API key'): () => void {
    const count = this.#counts.get(key) ?? 0;
    if (count >= this.limit) throw new RefusalError({ code: 'rate_limit_exceeded', message: this.message(who) });
    this.#counts.set(key, count + 1);
    let isTaken = true;
    return () => {
      if (isTaken) this.#free(key);
      isTaken = false;
    };
  }

  #free(key: KeyId): void {
    const count = (this.#counts.get(key) ?? 1) - 1;
    if (count === 0) this.#counts.delete(key);
    else this.#counts.set(key, count);
  }
}
