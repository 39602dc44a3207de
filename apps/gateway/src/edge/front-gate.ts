import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { KeyRefusals } from '../authentication/key-refusals.ts';
import type { PresentedKey } from '../authentication/presented-key.ts';
import { GatewayConfig } from '../config.ts';
import { RefusalError } from '../errors/refusal.error.ts';
import { callerKey } from './caller-key.ts';
import { corsHeaders } from './cors.ts';
import { allowedMethods, endpointAt } from '../paths/endpoints.ts';
import { unknownEndpoint } from '../paths/unknown-endpoint.ts';
import { requireMet } from './expectations.ts';
import { requireClear } from './request-headers.ts';

/** What can be said of a request by its head alone: strangers cannot make this process read megabytes. */
@Injectable()
export class FrontGate {
  constructor(
    private readonly config: GatewayConfig,
    private readonly refusals: KeyRefusals,
  ) {}

  /**
   * @returns true when a handler is to answer, false when the request has been answered here
   * @throws RefusalError or ServiceError
   */
  admit(request: FastifyRequest, reply: FastifyReply): boolean {
    this.#allowOrigin(request, reply);
    if (request.method === 'OPTIONS') return this.#answerOptions(request, reply);
    requireClear(request.raw.rawHeaders);
    requireMet(request);
    if (request.is404) throw new RefusalError(unknownEndpoint(request));
    if (isApi(request)) request.apiKey = this.#keyOf(request);
    return true;
  }

  #allowOrigin(request: FastifyRequest, reply: FastifyReply): void {
    const { CORS_ORIGINS: origins = [] } = this.config;
    if (origins.length === 0) return;
    const { origin, 'access-control-request-method': asked } = request.headers;
    const isPreflight = request.method === 'OPTIONS' && asked !== undefined;
    const methods = allowedMethods(endpointAt(request.url));
    void reply.headers(corsHeaders(origins, { origin, isPreflight }, methods));
  }

  /** What an endpoint takes is no secret, so no key is asked for. */
  #answerOptions({ url, method }: FastifyRequest, reply: FastifyReply): false {
    const endpoint = endpointAt(url);
    if (!endpoint && url !== '*') throw new RefusalError(unknownEndpoint({ url, method }));
    void reply.code(204).header('allow', allowedMethods(endpoint).join(', ')).send();
    return false;
  }

  #keyOf(request: FastifyRequest): PresentedKey {
    try {
      return callerKey(request);
    } catch (error) {
      this.refusals.count(error);
      throw error;
    }
  }
}

function isApi(request: FastifyRequest): boolean {
  return /^\/v\d\//.test(request.routeOptions.url ?? '');
}
