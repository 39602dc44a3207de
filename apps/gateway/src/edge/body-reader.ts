import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { ServiceError } from '@orgn/contracts';
import { GatewayConfig } from '../config.ts';
import { BodyMemory, type BodyLease } from './body-memory.ts';
import type { Endpoint } from '../paths/endpoints.ts';

/** Largest audio file of a transcription, as OpenAI bounds it. */
const MAX_AUDIO_BYTES = 25 * 1024 * 1024;
/** Room for the other parts of its form. */
const FORM_BYTES = 64 * 1024;

/** What is known of a request when its body begins. */
export interface IncomingBody {
  payload: Readable;
  headers: IncomingHttpHeaders;
  media: Endpoint['media'];
  lease: BodyLease;
}

/** Reads request bodies whole and byte for byte, within limits of size, memory and time. */
@Injectable()
export class BodyReader {
  constructor(
    private readonly config: GatewayConfig,
    private readonly memory: BodyMemory,
  ) {}

  /** What a body's memory is accounted to; to be released when its request has ended. */
  lease(): BodyLease {
    return this.memory.lease();
  }

  /**
   * @throws ServiceError `invalid_request` for a body of the wrong kind and one that broke off, `request_too_large`,
   *   `request_timeout`, or `service_unavailable` when all requests together are too large
   */
  async read(body: IncomingBody): Promise<Buffer> {
    requireReadable(body.headers, body.media);
    const limit = this.#limitOf(body.media);
    if (Number(body.headers['content-length'] ?? 0) > limit) throw tooLarge(limit);
    return collect(body, { limit, timeoutMs: this.config.REQUEST_TIMEOUT_MS });
  }

  #limitOf(media: Endpoint['media']): number {
    const { MAX_BODY_BYTES } = this.config;
    return media === 'multipart' ? Math.min(MAX_BODY_BYTES, MAX_AUDIO_BYTES + FORM_BYTES) : MAX_BODY_BYTES;
  }
}

/** What each kind of body may be declared as. A program that declares JSON as nothing at all is understood too. */
const declared: Record<Endpoint['media'], { type: RegExp; hint: string }> = {
  json: {
    type: /^($|application\/(json|[a-z.-]+\+json)\s*(;|$))/i,
    hint: 'Send the body as JSON, with the header "content-type: application/json".',
  },
  multipart: {
    type: /^multipart\/form-data\s*;/i,
    hint: 'Send the body as a form, with a content-type of multipart/form-data and its boundary.',
  },
};

function requireReadable(headers: IncomingHttpHeaders, media: Endpoint['media']): void {
  const encoding = headers['content-encoding']?.toLowerCase() ?? 'identity';
  if (encoding !== 'identity') throw invalid('Send the body without a content-encoding: it is taken byte for byte.');
  const { type, hint } = declared[media];
  if (!type.test(headers['content-type'] ?? '')) throw invalid(hint);
}

function collect({ payload, lease }: IncomingBody, { limit, timeoutMs }: { limit: number; timeoutMs: number }) {
  return new Promise<Buffer>((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const stop = (error: ServiceError) => {
      clearTimeout(timer);
      payload.off('data', take).off('end', finish).off('close', breakOff);
      reject(error);
    };
    const take = (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
      if (size > limit) stop(tooLarge(limit));
      else if (!lease.grow(chunk.length)) stop(exhausted());
    };
    const finish = () => {
      clearTimeout(timer);
      payload.off('close', breakOff);
      resolve(Buffer.concat(chunks, size));
    };
    const breakOff = () => stop(invalid('The request body broke off.'));
    const late = () => stop(new ServiceError('request_timeout', 'The request body took too long to arrive.'));
    const timer = setTimeout(late, timeoutMs);
    payload
      .on('data', take)
      .once('end', finish)
      .once('close', breakOff)
      .on('error', () => undefined);
  });
}

function tooLarge(limit: number): ServiceError {
  return new ServiceError('request_too_large', `The request body is larger than the ${limit} bytes accepted here.`);
}

function exhausted(): ServiceError {
  return new ServiceError('service_unavailable', 'Too many large requests are under way; try again shortly.');
}

function invalid(message: string): ServiceError {
  return new ServiceError('invalid_request', message);
}
