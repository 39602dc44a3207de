import { Injectable } from '@nestjs/common';
import { ServiceError } from '@orgn/contracts';
import { GatewayConfig } from '../config.ts';
import { RefusalError } from '../errors/refusal.error.ts';
import { networkOf } from './client-address.ts';
import { FailureBucket } from './failure-bucket.ts';
import type { PresentedKey } from './presented-key.ts';
import { RecentMap } from './recent-map.ts';

/** Networks whose failures are remembered; beyond that the gateway's own cap is what holds. */
const MAX_NETWORKS = 20_000;
/** Keys whose last success is remembered. */
const MAX_KNOWN_KEYS = 100_000;
/** How long a key that was accepted is exempt. */
const KNOWN_MS = 600_000;
/** How long a look-up may wait for others to end, before it counts as overload. */
const MAX_WAIT_MS = 2_000;

/**
 * Keeps guesses from loading the registry: look-ups of unknown keys cost a token of their network's bucket and one of
 * the gateway's. Keys that were accepted lately pass the brake, so that a noisy neighbour locks nobody out; they are
 * still asked about like any other, since this remembers who may ask, never an answer.
 */
@Injectable()
export class GuessingBrake {
  readonly #networks = new RecentMap<string, FailureBucket>(MAX_NETWORKS);
  readonly #gateway: FailureBucket;
  readonly #known = new RecentMap<string, number>(MAX_KNOWN_KEYS);
  #nextEnd = Promise.withResolvers<undefined>();
  #isEndDue = false;

  constructor(private readonly config: GatewayConfig) {
    const refillMs = 1_000 / config.UNKNOWN_KEYS_PER_SECOND;
    this.#gateway = new FailureBucket({ burst: config.UNKNOWN_KEYS_BURST, refillMs }, performance.now());
  }

  /**
   * Makes a look-up, when the brake lets it.
   * @throws RefusalError `rate_limit_exceeded` before anything is asked; else what the look-up throws
   */
  async lookUp<T>(key: PresentedKey, ask: () => Promise<T>): Promise<T> {
    const buckets = await this.#admit(key);
    try {
      const answer = await ask();
      this.#known.set(key.digest, performance.now());
      return answer;
    } catch (error) {
      if (error instanceof ServiceError && error.code === 'invalid_api_key') this.#countUnknown(key);
      throw error;
    } finally {
      for (const bucket of buckets) bucket.release();
      this.#wakeWaiting();
    }
  }

  /** @returns the buckets that a token was reserved in: none for a known key */
  async #admit({ digest, address }: PresentedKey): Promise<FailureBucket[]> {
    const since = performance.now();
    for (let now = since; !this.#isKnown(digest, now); now = performance.now()) {
      const buckets = this.#bucketsOf(address, now);
      const outlooks = buckets.map((bucket) => bucket.outlook(now));
      if (outlooks.every((outlook) => outlook === 'yes')) {
        for (const bucket of buckets) bucket.reserve();
        return buckets;
      }
      refuseIfEmpty(outlooks);
      if (now - since > MAX_WAIT_MS)
        throw new ServiceError('service_unavailable', 'Too many keys are being checked at once; try again shortly.');
      await this.#nextEnd.promise;
    }
    return [];
  }

  #countUnknown({ digest, address }: PresentedKey): void {
    this.#known.delete(digest);
    const now = performance.now();
    for (const bucket of this.#bucketsOf(address, now)) bucket.charge(now);
  }

  /** Answers come in batches: those who wait look once after all of a batch. */
  #wakeWaiting(): void {
    if (this.#isEndDue) return;
    this.#isEndDue = true;
    setImmediate(() => {
      this.#isEndDue = false;
      const ended = this.#nextEnd;
      this.#nextEnd = Promise.withResolvers<undefined>();
      ended.resolve(undefined);
    });
  }

  #bucketsOf(address: string | null, now: number): FailureBucket[] {
    const { UNKNOWN_KEYS_NETWORK_BURST: burst, UNKNOWN_KEYS_NETWORK_REFILL_MS: refillMs } = this.config;
    const network = networkOf(address);
    const known = this.#networks.get(network);
    return [known ?? this.#networks.set(network, new FailureBucket({ burst, refillMs }, now)), this.#gateway];
  }

  #isKnown(digest: string, now: number): boolean {
    return now - (this.#known.get(digest) ?? -Infinity) < KNOWN_MS;
  }
}

/** @throws RefusalError `rate_limit_exceeded` with the time to wait */
function refuseIfEmpty(outlooks: ('yes' | 'later' | number)[]): void {
  const waitMs = Math.max(...outlooks.filter((outlook) => typeof outlook === 'number'));
  if (waitMs === -Infinity) return;
  throw new RefusalError({
    code: 'rate_limit_exceeded',
    message: 'Too many unknown API keys were sent. Check the key, wait, and try again.',
    retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1_000)),
  });
}
