import type { Readable, Transform } from 'node:stream';
import { ServiceError } from '@orgn/contracts';
import { ByteBlocks } from '@orgn/service-kit';
import type { BodyLease } from './body-memory.ts';

/** So often it is looked how a body gets on, and so many bytes must have come meanwhile. */
const LOOK_MS = 10_000;
const LEAST_BYTES = 10_000;

/** Where a body comes from, and what its memory is accounted to. */
export interface BodySource {
  payload: Readable;
  /** Undoes its encoding. */
  decoder: Transform | undefined;
  lease: BodyLease;
}

/** What a body may take. */
export interface BodyLimits {
  /** Bytes, as they arrive and as they are decoded. */
  bytes: number;
  /** Milliseconds for the whole of it. */
  timeoutMs: number;
}

/**
 * Gathers one body. Its decoded bytes are counted one piece after the other while they are decoded, so that a body which
 * grows without end costs no more than one that is as large as it may be.
 */
export class BodyCollector {
  readonly #blocks = new ByteBlocks();
  readonly #result = Promise.withResolvers<Buffer[]>();
  readonly #startedAt = performance.now();
  #timer: NodeJS.Timeout;
  #arrived = 0;
  /** What had arrived when it was last looked. */
  #arrivedBefore = 0;
  #hasEnded = false;

  constructor(
    private readonly source: BodySource,
    private readonly limits: BodyLimits,
  ) {
    this.#timer = setTimeout(() => this.#look(), Math.min(LOOK_MS, limits.timeoutMs));
  }

  /**
   * @returns its bytes, in pieces of which the first holds any byte order mark
   * @throws ServiceError `invalid_request`, `request_too_large`, `request_timeout` or `service_unavailable`
   */
  collect(): Promise<Buffer[]> {
    const { payload, decoder } = this.source;
    payload
      .on('data', (chunk: Buffer) => this.#count(chunk))
      .once('close', () => this.#breakOff())
      .on('error', () => undefined);
    const decoded = decoder ? payload.pipe(decoder) : payload;
    decoder?.once('error', () => this.#stop(invalid('The request body is not encoded as its content-encoding says.')));
    decoded.on('data', (chunk: Buffer) => this.#take(chunk)).once('end', () => this.#finish());
    return this.#result.promise;
  }

  /** What holds memory has to get on. */
  #look(): void {
    const leftMs = this.limits.timeoutMs - (performance.now() - this.#startedAt);
    if (leftMs < 1 || this.#arrived - this.#arrivedBefore < LEAST_BYTES) return this.#stop(late());
    this.#arrivedBefore = this.#arrived;
    this.#timer = setTimeout(() => this.#look(), Math.min(LOOK_MS, leftMs));
  }

  #count(chunk: Buffer): void {
    this.#arrived += chunk.length;
    if (this.#arrived > this.limits.bytes) this.#stop(tooLarge(this.limits.bytes));
  }

  #take(chunk: Buffer): void {
    if (this.#hasEnded) return;
    if (this.#blocks.length + chunk.length > this.limits.bytes) return this.#stop(tooLarge(this.limits.bytes));
    if (!this.source.lease.grow(chunk.length)) return this.#stop(exhausted());
    this.#blocks.add(chunk);
  }

  #finish(): void {
    this.#hasEnded = true;
    clearTimeout(this.#timer);
    this.#result.resolve(this.#blocks.take());
  }

  /** A payload also closes after its end, while its last bytes are still being decoded. */
  #breakOff(): void {
    if (!this.source.payload.readableEnded) this.#stop(invalid('The request body broke off.'));
  }

  /** What still arrives is thrown away. */
  #stop(error: ServiceError): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    clearTimeout(this.#timer);
    this.#blocks.drop();
    const { payload, decoder } = this.source;
    if (decoder) {
      payload.unpipe(decoder);
      decoder.on('error', () => undefined).destroy();
      payload.resume();
    }
    this.#result.reject(error);
  }
}

/** @param limit in bytes */
export function tooLarge(limit: number): ServiceError {
  return new ServiceError('request_too_large', `The request body is larger than the ${limit} bytes accepted here.`);
}

function late(): ServiceError {
  return new ServiceError('request_timeout', 'The request body took too long to arrive.');
}

function exhausted(): ServiceError {
  return new ServiceError(
    'service_unavailable',
    'Too many large requests are under way, of this API key or of others; try again shortly.',
  );
}

function invalid(message: string): ServiceError {
  return new ServiceError('invalid_request', message);
}
