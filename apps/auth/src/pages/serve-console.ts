import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { ConfigError } from '@orgn/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AuthConfig } from '../config.ts';
import { ConsolePage } from './console-page.ts';

/** Scripts, styles and data of this host alone; nothing inline, no text that becomes code or markup, nobody frames us. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const SECURITY_HEADERS = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** A browser that has been here once never asks this host without TLS again, for a year after its last visit. */
const STRICT_TRANSPORT = { 'strict-transport-security': 'max-age=31536000' };

/** What programs ask for; there, nothing is a page. */
const API = /^\/api(?:\/|\?|$)/;
/** Files whose names carry a digest of what is in them. */
const HASHED = /[\\/]assets[\\/][^\\/]+$/;
/** What the build leaves for this host, and not for browsers. */
const KEPT_BACK = ['**/*.br', '**/*.gz', 'index.html', 'pages.json', '.*', '.*/**'];

/** The page reads an address that ends in a slash as the same one. */
const withSlash = (address: string) => (address.endsWith('/') ? [address] : [address, `${address}/`]);

/**
 * Serves the console: its page at every address, with 404 where that is none; its files each at its own; and the security
 * headers on every answer of this host. Files are listed once: what appears in the directory later is not served.
 * @throws ConfigError when CONSOLE_DIR holds no index.html
 */
export function serveConsole(adapter: FastifyAdapter, config: AuthConfig): void {
  if (!existsSync(join(config.CONSOLE_DIR, 'index.html'))) {
    throw new ConfigError(['CONSOLE_DIR has no index.html: build the console first (node apps/console/build.mjs)']);
  }
  const fastify = adapter.getInstance();
  const isSecure = config.CONSOLE_URL.startsWith('https:');
  const headers = { ...SECURITY_HEADERS, ...(isSecure && STRICT_TRANSPORT) };
  fastify.addHook('onRequest', (_request, reply, done) => {
    void reply.headers(headers);
    done();
  });
  const page = new ConsolePage(config.CONSOLE_DIR);
  for (const address of page.addresses.flatMap(withSlash)) {
    fastify.get(address, (request: FastifyRequest, reply: FastifyReply) => page.send(request, reply, 200));
  }
  // Whoever looks for a page that is none finds the console, which says that there is nothing here.
  fastify.get('/*', (request: FastifyRequest, reply: FastifyReply) => {
    if (API.test(request.url)) reply.callNotFound();
    else page.send(request, reply, 404);
  });
  void fastify.register(fastifyStatic, {
    root: config.CONSOLE_DIR,
    wildcard: false,
    index: false,
    preCompressed: true,
    globIgnore: KEPT_BACK,
    cacheControl: false,
    setHeaders: (reply, path) => {
      const isHashed = HASHED.test(path);
      void reply.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
}
