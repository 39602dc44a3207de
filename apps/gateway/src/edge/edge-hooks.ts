import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ServiceLog, withRequestId } from '@orgn/service-kit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Histogram, Registry } from 'prom-client';
import { KeyRefusals } from '../authentication/key-refusals.ts';
import { presentedKey } from '../authentication/presented-key.ts';

/** What happens to every request at the edge, whatever its route: an id, the key's form, one log line, one metric. */
@Injectable()
export class EdgeHooks implements OnModuleInit {
  readonly #durations: Histogram;

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly log: ServiceLog,
    private readonly refusals: KeyRefusals,
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

  onModuleInit(): void {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    fastify.decorateRequest('apiKey');
    fastify.addHook('onRequest', (request, reply, done) =>
      withRequestId(request.id, () => this.#begin(request, reply, done)),
    );
    fastify.addHook('onResponse', (request, reply, done) => {
      this.#logAnswer(request, reply);
      done();
    });
  }

  #begin(request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void {
    request.facts = {};
    void reply.header('x-request-id', request.id);
    try {
      // Before the body: strangers cannot make this process read megabytes.
      if (isApi(request)) request.apiKey = presentedKey(request);
      done();
    } catch (error) {
      this.refusals.count(error);
      done(error as Error);
    }
  }

  #logAnswer(request: FastifyRequest, reply: FastifyReply): void {
    const route = request.routeOptions.url ?? 'unknown';
    const status = reply.raw.statusCode;
    this.#durations.observe({ route, status }, reply.elapsedTime / 1_000);
    const { keyId, model } = request.facts;
    this.log.info('request', { requestId: request.id, route, status, ms: Math.round(reply.elapsedTime), keyId, model });
  }
}

function isApi(request: FastifyRequest): boolean {
  return request.routeOptions.url?.startsWith('/v1/') === true && request.method !== 'OPTIONS';
}
