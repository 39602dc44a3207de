import { Injectable } from '@nestjs/common';
import { ServiceError } from '@orgn/contracts';
import { GatewayConfig } from '../config.ts';
import { RefusalError } from '../errors/refusal.error.ts';
import { networkOf, RecentMap } from '@orgn/service-kit';
import { FailureBucket } from './failure-bucket.ts';
import type { PresentedKey } from './presented-key.ts';

/** Networks whose failures are remembered; beyond that the gateway's own cap is what holds. */
const MAX_NETWORKS = 20_000;
/** How long a look-up may wait for others to end, before it counts as overload. */
const MAX_WAIT_MS = 2_000;
/** The part of the gateway's tokens that networks which guess leave to those that do not. */
const QUIET_SHARE = 0.5;

/**
 * Keeps guesses from loading the registry. A network that has sent few unknown keys is quiet: its look-ups may take the
 * gateway's last token. One whose own bucket is empty is noisy: its unknown keys are answered with 429, and they are
 * looked up only while half of the gateway's tokens are left, so that whoever sits beside a guesser gets in with a good
 * key, and whoever sits elsewhere finds tokens that no guesser could take.
 */
@Injectable()
export class GuessingBrake {
  readonly #networks = new RecentMap<string, FailureBucket>(MAX_NETWORKS);
  readonly #gateway: FailureBucket;
  #nextEnd = Promise.withResolvers<undefined>();
  #isEndDue = false;

  constructor(private readonly config: GatewayConfig) {
    const refillMs = 1_000 / config.UNKNOWN_KEYS_PER_SECOND;
    this.#gateway = new FailureBucket({ burst: config.UNKNOWN_KEYS_BURST, refillMs }, performance.now());
  }

  /**
   * Makes a look-up of a key that was not accepted lately, when the brake lets it.
   * @throws RefusalError `rate_limit_exceeded` before anything is asked, or in place of `invalid_api_key` where a network
   *   has guessed too often; else what the look-up throws
   */
  async lookUp<T>({ address }: PresentedKey, ask: () => Promise<T>): Promise<T> {
    const network = this.#bucketOf(networkOf(address));
    const reserved = await this.#admit(network);
    try {
      return await ask();
    } catch (error) {
      if (isUnknown(error) && !this.#charge(network)) throw tooMany(network);
      throw error;
    } finally {
      for (const bucket of reserved) bucket.release();
      this.#wakeWaiting();
    }
  }

  /** Counts a failure that did not come through the brake. */
  countUnknown({ address }: PresentedKey): void {
    this.#charge(this.#bucketOf(networkOf(address)));
  }

  /** @returns the buckets that a token was reserved in */
  async #admit(network: FailureBucket): Promise<FailureBucket[]> {
    const since = performance.now();
    for (let now = since; ; now = performance.now()) {
      const reserved = this.#reserve(network, now);
      if (reserved) return reserved;
      if (now - since > MAX_WAIT_MS)
        throw new ServiceError('service_unavailable', 'Too many keys are being checked at once; try again shortly.');
      await this.#nextEnd.promise;
    }
  }

  /** @returns undefined when look-ups under way hold the last tokens @throws RefusalError when there are none */
  #reserve(network: FailureBucket, now: number): FailureBucket[] | undefined {
    const isQuiet = network.free(now) >= 1;
    const kept = isQuiet ? 0 : this.config.UNKNOWN_KEYS_BURST * QUIET_SHARE;
    if (this.#gateway.free(now) >= kept + 1) {
      const buckets = isQuiet ? [network, this.#gateway] : [this.#gateway];
      for (const bucket of buckets) bucket.reserve();
      return buckets;
    }
    if (!isQuiet && network.outlook(now) !== 'later') throw tooMany(network);
    if (typeof this.#gateway.outlook(now) === 'number') throw tooMany(this.#gateway);
    return undefined;
  }

  /** @returns whether the network may be told that the key is unknown */
  #charge(network: FailureBucket): boolean {
    const now = performance.now();
    this.#gateway.charge(now);
    return network.charge(now);
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

  #bucketOf(network: string): FailureBucket {
    const { UNKNOWN_KEYS_NETWORK_BURST: burst, UNKNOWN_KEYS_NETWORK_REFILL_MS: refillMs } = this.config;
    return (
      this.#networks.get(network) ??
      this.#networks.set(network, new FailureBucket({ burst, refillMs }, performance.now()))
    );
  }
}

function isUnknown(error: unknown): boolean {
  return error instanceof ServiceError && error.code === 'invalid_api_key';
}

/** With the time after which it may be tried again. */
function tooMany(bucket: FailureBucket): RefusalError {
  const outlook = bucket.outlook(performance.now());
  return new RefusalError({
    code: 'rate_limit_exceeded',
    message: 'Too many unknown API keys were sent. Check the key, wait, and try again.',
    retryAfterSeconds: typeof outlook === 'number' ? Math.ceil(outlook / 1_000) : 1,
  });
}
