import { createPublicKey, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ServiceError } from '@orgn/contracts';
import { ServiceLog } from '@orgn/service-kit';
import { z } from 'zod';
import { AuthConfig } from '../config.ts';

const PATH = '/meta/public_keys/secret_scanning';
const TIMEOUT_MS = 5_000;
const MAX_BYTES = 256 * 1_024;
/** Unknown identifiers make us ask no more often than this: whoever invents them must not make us flood GitHub. */
const MIN_INTERVAL_MS = 10_000;
/** Known keys are asked for again after this, so that a key that was taken back does not stay good here. */
const MAX_AGE_MS = 15 * 60_000;

const answer = z.object({
  public_keys: z.array(z.object({ key_identifier: z.string().max(256), key: z.string().max(8_192) })).max(100),
});

/** The public keys that secret scanners sign their reports with, asked for by conditional requests and kept. */
@Injectable()
export class ScannerKeysClient {
  #keys = new Map<string, KeyObject>();
  #etag: string | undefined;
  #fetchedAt = 0;
  #attemptedAt = 0;
  #fetching: Promise<void> | undefined;

  constructor(
    private readonly config: AuthConfig,
    private readonly log: ServiceLog,
  ) {}

  /**
   * The key of an identifier; undefined: there is none.
   * @throws ServiceError `service_unavailable` when the keys cannot be had and are too old or not there
   */
  async find(identifier: string): Promise<KeyObject | undefined> {
    const isStale = Date.now() - this.#fetchedAt > MAX_AGE_MS;
    const isWorthAsking = Date.now() - this.#attemptedAt > MIN_INTERVAL_MS;
    if (this.#fetching || ((isStale || !this.#keys.has(identifier)) && isWorthAsking)) await this.#refresh();
    if (Date.now() - this.#fetchedAt <= MAX_AGE_MS) return this.#keys.get(identifier);
    throw new ServiceError('service_unavailable', 'The scanner’s public keys cannot be fetched now; send this again.');
  }

  /** One request at a time, however many wait for it. A failure keeps what is there. */
  #refresh(): Promise<void> {
    this.#attemptedAt = Date.now();
    this.#fetching ??= this.#fetch()
      .catch((error: unknown) => this.log.warn('scanner keys could not be fetched', {}, error))
      .finally(() => (this.#fetching = undefined));
    return this.#fetching;
  }

  async #fetch(): Promise<void> {
    const response = await fetch(this.config.GITHUB_API_URL.replace(/\/$/, '') + PATH, {
      headers: { accept: 'application/json', ...(this.#etag !== undefined && { 'if-none-match': this.#etag }) },
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (response.status !== 304) {
      if (!response.ok) throw new Error(`status ${response.status}`);
      const text = await response.text();
      if (text.length > MAX_BYTES) throw new Error('the answer is too large');
      this.#keys = toKeys(answer.parse(JSON.parse(text)));
      this.#etag = response.headers.get('etag') ?? undefined;
    }
    this.#fetchedAt = Date.now();
  }
}

/** Anything but ECDSA over P-256 is left out: the signature's scheme is ours to know, not the sender's to choose. */
function toKeys({ public_keys: list }: z.output<typeof answer>): Map<string, KeyObject> {
  const keys = list.map(({ key_identifier: id, key }) => [id, toKey(key)] as const);
  return new Map(keys.filter((entry): entry is readonly [string, KeyObject] => entry[1] !== undefined));
}

function toKey(pem: string): KeyObject | undefined {
  try {
    const key = createPublicKey(pem);
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : undefined;
  } catch {
    return undefined;
  }
}
