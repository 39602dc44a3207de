import { Injectable } from '@nestjs/common';
import { subjectOf } from '../authentication/callers.service.ts';
import { KeyTally } from '../authentication/key-tally.ts';
import { KnownKeys } from '../authentication/known-keys.ts';
import type { PresentedKey } from '../authentication/presented-key.ts';
import { GatewayConfig } from '../config.ts';

/** Counts the requests that are under way for each key, from their head to the end of their answer. */
@Injectable()
export class RequestSlots {
  readonly #tally: KeyTally;

  constructor(
    private readonly known: KnownKeys,
    { MAX_REQUESTS_PER_KEY: limit }: GatewayConfig,
  ) {
    this.#tally = new KeyTally(
      limit,
      (who) => `${who} has ${limit} requests under way, as many as it may. Wait for one to end.`,
    );
  }

  /**
   * @returns a function that gives the place back
   * @throws RefusalError `rate_limit_exceeded`
   */
  take(key: PresentedKey): () => void {
    const lineage = this.known.lineageOf(key.digest);
    return lineage === undefined
      ? () => undefined
      : this.#tally.take(lineage, subjectOf({ isPlayground: key.grantedRequest !== undefined }));
  }
}
