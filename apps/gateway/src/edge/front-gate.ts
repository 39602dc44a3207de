import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { KeyRefusals } from '../authentication/key-refusals.ts';
import type { PresentedKey } from '../authentication/presented-key.ts';
import { GatewayConfig } from '../config.ts';
import { RefusalError } from '../errors/refusal.error.ts';
import { callerKey, presentsKey } from './caller-key.ts';
import { grantOf } from './granted-request.ts';
import { corsHeaders } from './cors.ts';
import { allowedMethods, endpointAt, isApiPath } from '../paths/endpoints.ts';
import { unknownEndpoint } from '../paths/unknown-endpoint.ts';
import { requireMet } from './expectations.ts';
import { requireClear, requireOneKey } from './request-headers.ts';

/**
 * What can be said of a request by its head alone: strangers cannot make this process read megabytes. It has two parts,
 * because the registry is asked between them: nothing else is said of a request before it is known whose it is.
 */
@Injectable()
export class FrontGate {
  constructor(
    private readonly config: GatewayConfig,
    private readonly refusals: KeyRefusals,
  ) {}

  /**
   * The key that a request comes with, checked for its form; undefined where none is needed.
   * @throws RefusalError where there is no such endpoint, or ServiceError for the key's form
   */
  identify(request: FastifyRequest, reply: FastifyReply): PresentedKey | undefined {
    this.#allowOrigin(request, reply);
    if (!isApi(request)) return undefined;
    // What methods there are is no secret, but whoever shows a key is told about that first.
    const needsKey = !request.is404 && request.method !== 'OPTIONS';
    return needsKey || presentsKey(request.headers) ? this.#keyOf(request) : undefined;
  }

  /**
   * @returns true when a handler is to answer, false when the request has been answered here
   * @throws RefusalError or ServiceError
   */
  admit(request: FastifyRequest, reply: FastifyReply): boolean {
    if (request.method === 'OPTIONS') return this.#answerOptions(request, reply);
    requireClear(request.raw.rawHeaders);
    requireMet(request);
    if (request.is404) throw new RefusalError(unknownEndpoint(request));
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
    const grant = grantOf(request.raw);
    if (grant) return { digest: grant.digest, grantedRequest: grant.requestId, address: null, userAgent: 'browser' };
    try {
      requireOneKey(request.raw.rawHeaders);
      return callerKey(request);
    } catch (error) {
      this.refusals.count(error);
      throw error;
    }
  }
}

/** By its route, since a path may be written in many ways; without one, by the path it names. */
function isApi({ is404, routeOptions, url }: FastifyRequest): boolean {
  return isApiPath((is404 ? endpointAt(url)?.name : routeOptions.url) ?? '');
}
