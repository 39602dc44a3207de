import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { ConfigError } from '@orgn/service-kit';
import type { AuthConfig } from '../config.ts';

/** Nothing is loaded from elsewhere, nothing runs inline, nobody frames us. */
const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** A browser that has been here once never asks this host without TLS again, for a year after its last visit. */
const STRICT_TRANSPORT = { 'strict-transport-security': 'max-age=31536000' };

/**
 * Serves the console's files, each at its path and index.html at the root, and puts the security headers on every answer
 * of this host. Files are listed once: what appears in the directory later is not served.
 * @throws ConfigError when CONSOLE_DIR holds no index.html
 */
export function serveConsole(adapter: FastifyAdapter, config: AuthConfig): void {
  if (!existsSync(join(config.CONSOLE_DIR, 'index.html'))) throw new ConfigError(['CONSOLE_DIR has no index.html']);
  const fastify = adapter.getInstance();
  const isSecure = config.CONSOLE_URL.startsWith('https:');
  const headers = { ...SECURITY_HEADERS, ...(isSecure && STRICT_TRANSPORT) };
  fastify.addHook('onRequest', (_request, reply, done) => {
    void reply.headers(headers);
    done();
  });
  void fastify.register(fastifyStatic, { root: config.CONSOLE_DIR, wildcard: false });
}
