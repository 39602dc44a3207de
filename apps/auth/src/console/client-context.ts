import type { ClientContext } from '@orgn/contracts';
import type { FastifyRequest } from 'fastify';

/** Where a request came from: Fastify decides the address by TRUSTED_PROXIES; of the user agent only a class is kept. */
export function toClientContext(request: FastifyRequest): ClientContext {
  return { address: request.ip, userAgent: classOf(request.headers['user-agent'] ?? '') };
}

function classOf(userAgent: string): ClientContext['userAgent'] {
  if (/^(curl|wget|httpie)\b/i.test(userAgent)) return 'cli';
  if (/mozilla\//i.test(userAgent)) return 'browser';
  return /^(openai|anthropic|python|node|axios|undici|go-http)/i.test(userAgent) ? 'sdk' : 'unknown';
}
