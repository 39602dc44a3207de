import { Injectable } from '@nestjs/common';
import { readAttestedSession, requestReport, ServiceError } from '@orgn/contracts';
import { Bus, unpack } from '@orgn/service-kit';
import { CallersService } from '../authentication/callers.service.ts';
import type { PresentedKey } from '../authentication/presented-key.ts';
import { TokenBucket } from '../authentication/token-bucket.ts';
import { RefusalError } from '../errors/refusal.error.ts';

/** Reports that a key may ask for: six at once, then one in ten seconds. Each costs an enclave half a second. */
const ALLOWANCE = { burst: 6, refillMs: 10_000 };
const MOST_KEYS = 10_000;

export interface ServedReport {
  provider: string;
  spkiSha256: string;
  /** As the enclave served it. */
  bytes: Buffer;
}

/** Enclaves as their callers may look at them. */
@Injectable()
export class AttestationService {
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(
    private readonly callers: CallersService,
    private readonly bus: Bus,
  ) {}

  /**
   * A report of a model's enclave for the caller's own nonce.
   * @throws ServiceError `invalid_request`, `model_not_found`, `provider_unavailable`, or as any use of the key
   * @throws RefusalError `rate_limit_exceeded`
   */
  async report(key: PresentedKey, { model, nonce }: { model: unknown; nonce: unknown }): Promise<ServedReport> {
    const { lineageId } = await this.callers.verify(key);
    const asked = { model: nameIn(model), nonce: nonceIn(nonce) };
    this.#charge(lineageId);
    const { provider, spkiSha256, body } = await this.bus.ask(requestReport, asked);
    return { provider, spkiSha256, bytes: await unpack(body) };
  }

  /** An enclave as it was verified, by the digest that receipts name it by. @throws ServiceError `not_found`, or as any use of the key */
  async session(key: PresentedKey, id: string): Promise<Buffer> {
    await this.callers.verify(key);
    const digest = id.replace(/^sha256:/, '');
    const isOne = /^[0-9a-f]{64}$/.test(digest);
    const { session } = isOne ? await this.bus.ask(readAttestedSession, { id: digest }) : { session: null };
    if (session === null) throw new ServiceError('not_found', 'There is no such session, or no receipt names it.');
    return unpack(session);
  }

  #charge(lineage: string): void {
    const now = performance.now();
    const bucket = this.#buckets.get(lineage) ?? new TokenBucket(ALLOWANCE, now);
    if (this.#buckets.size >= MOST_KEYS) this.#buckets.clear();
    this.#buckets.set(lineage, bucket);
    if (bucket.take(1, now)) return;
    throw new RefusalError({
      code: 'rate_limit_exceeded',
      message: 'This API key asks for attestation reports too often. Wait and try again.',
      retryAfterSeconds: Math.max(1, Math.ceil(bucket.waitMs(now) / 1_000)),
    });
  }
}

function nameIn(model: unknown): string {
  if (typeof model === 'string' && model.length > 0 && model.length <= 256) return model;
  throw new ServiceError('invalid_request', 'Name the model: ?model=…&nonce=…', { param: 'model' });
}

function nonceIn(nonce: unknown): string {
  if (typeof nonce === 'string' && /^[0-9a-fA-F]{64}$/.test(nonce)) return nonce.toLowerCase();
  throw new ServiceError('invalid_request', 'Send a nonce of your own: 64 hexadecimal digits.', { param: 'nonce' });
}
