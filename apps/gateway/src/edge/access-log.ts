import { Injectable } from '@nestjs/common';
import { ServiceLog } from '@orgn/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Histogram, Registry } from 'prom-client';
import { TokenBucket } from '../authentication/token-bucket.ts';

/** Requests without a key's id that get a line: ten at once, then two a second. The others are only measured. */
const STRANGERS = { burst: 10, refillMs: 500 };

/** One line and one measurement a request: ids, known model names, figures, and nothing that a caller wrote. */
@Injectable()
export class AccessLog {
  readonly #strangers = new TokenBucket(STRANGERS, performance.now());
  readonly #durations: Histogram;

  constructor(
    private readonly log: ServiceLog,
    metrics: Registry,
  ) {
    this.#durations = new Histogram({
      name: 'orgn_edge_request_seconds',
      help: 'Time from the first byte of a request to the last byte of its answer.',
      labelNames: ['route', 'status'],
      buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60, 300],
      registers: [metrics],
    });
  }

  /** @param reply one that has ended, or whose caller has left */
  note(request: FastifyRequest, reply: FastifyReply): void {
    const route = routeOf(request);
    const status = reply.raw.statusCode;
    this.#durations.observe({ route, status }, reply.elapsedTime / 1_000);
    const { keyId, model } = request.facts;
    if (keyId === undefined && !this.#strangers.take(1, performance.now())) return;
    const hasLeft = !reply.raw.writableFinished;
    const ms = Math.round(reply.elapsedTime);
    this.log.info('request', { requestId: request.id, route, status, ms, keyId, model, ...(hasLeft && { hasLeft }) });
  }

  /** The same for a request that was refused by its head. */
  noteRefused(request: FastifyRequest, status: number): void {
    const route = routeOf(request);
    this.#durations.observe({ route, status }, 0);
    if (this.#strangers.take(1, performance.now())) this.log.info('request', { requestId: request.id, route, status });
  }
}

function routeOf({ routeOptions }: FastifyRequest): string {
  return routeOptions.url ?? 'unknown';
}
