import { userAgentClass, type ClientContext } from '@orgn/contracts';
import type { FastifyRequest } from 'fastify';

/** Where a request came from: Fastify decides the address by TRUSTED_PROXIES; of the user agent only a class is kept. */
export function toClientContext(request: FastifyRequest): ClientContext {
  return { address: request.ip, userAgent: userAgentClass(request.headers['user-agent']) };
}
