import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { withoutByteOrderMark } from '@orgn/dialects';
import type { PresentedKey } from '../authentication/presented-key.ts';
import { GatewayConfig } from '../config.ts';
import type { Endpoint } from '../paths/endpoints.ts';
import { BodyCollector, tooLarge } from './body-collector.ts';
import { decoderFor, requireDecodable } from './body-decoder.ts';
import { BodyMemory, SMALL_BYTES, type BodyLease } from './body-memory.ts';

/** Largest audio file of a transcription, as OpenAI bounds it. */
const MAX_AUDIO_BYTES = 25 * 1024 * 1024;
/** Room for the other parts of its form. */
const FORM_BYTES = 64 * 1024;

/** What is known of a request when its body begins. */
export interface IncomingBody {
  payload: Readable;
  headers: IncomingHttpHeaders;
  endpoint: Endpoint | undefined;
  lease: BodyLease;
}

/** Reads request bodies whole, within limits of size, memory and time, and undoes how they were encoded for the way. */
@Injectable()
export class BodyReader {
  constructor(
    private readonly config: GatewayConfig,
    private readonly memory: BodyMemory,
  ) {}

  /** What a body's memory is accounted to; to be released when its request has ended. */
  lease(key: PresentedKey | undefined): BodyLease {
    return this.memory.lease(key);
  }

  /** @throws ServiceError `request_too_large`, or `invalid_request` for an encoding that is not known */
  requireTakeable(headers: IncomingHttpHeaders, endpoint: Endpoint | undefined): void {
    const bytes = this.#limitOf(endpoint);
    if (Number(headers['content-length'] ?? 0) > bytes) throw tooLarge(bytes);
    requireDecodable(headers['content-encoding']);
  }

  /**
   * @returns the body's own bytes, in pieces: without its `content-encoding`, and without a byte order mark before JSON
   * @throws ServiceError `invalid_request` for a body that broke off or is not encoded as it says, `request_too_large`,
   *   `request_timeout`, or `service_unavailable` when its caller's share of the memory is exhausted
   */
  async read({ payload, headers, endpoint, lease }: IncomingBody): Promise<Buffer[]> {
    const decoder = decoderFor(headers['content-encoding']);
    const limits = { bytes: this.#limitOf(endpoint), timeoutMs: this.config.REQUEST_TIMEOUT_MS };
    const [first, ...others] = await new BodyCollector({ payload, decoder, lease }, limits).collect();
    if (!first || endpoint?.media === 'multipart') return first ? [first, ...others] : [];
    return [withoutByteOrderMark(first), ...others];
  }

  #limitOf(endpoint: Endpoint | undefined): number {
    const { MAX_BODY_BYTES } = this.config;
    if (endpoint?.isBare) return Math.min(MAX_BODY_BYTES, SMALL_BYTES);
    return endpoint?.media === 'multipart' ? Math.min(MAX_BODY_BYTES, MAX_AUDIO_BYTES + FORM_BYTES) : MAX_BODY_BYTES;
  }
}
