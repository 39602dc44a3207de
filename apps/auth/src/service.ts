import type { IncomingMessage } from 'node:http';
import { MAX_WEBHOOK_BYTES } from '@orgn/contracts';
import type { ServiceDefinition } from '@orgn/service-kit';
import type { FastifyRequest } from 'fastify';
import { v7 as uuidv7 } from 'uuid';
import { AuthModule } from './auth.module.ts';
import { WEBHOOK_PATH } from './billing/webhook-path.ts';
import { AuthConfig } from './config.ts';
import { BodyReader } from './console/body-reader.ts';
import { serveConsole } from './pages/serve-console.ts';

/** Secret-scanning reports are the largest thing that this host takes. */
const MAX_BODY_BYTES = 1024 * 1024;

/** How the playground's route is told, and the type that its bodies have in here: they stay streams. */
const PLAYGROUND = '/playground/chat';
const PASSED_ON = 'application/vnd.orgn.passed-on';

/** Owns teams, issues keys for them, and serves the console host. */
export const authService: ServiceDefinition<typeof AuthConfig.schema> = {
  name: 'auth',
  module: AuthModule,
  config: AuthConfig,
  http: {
    host: (config) => config.HTTP_HOST,
    port: (config) => config.HTTP_PORT,
    proxies: (config) => config.TRUSTED_PROXIES ?? [],
    connections: (config) => config,
    options: (config) => ({
      bodyLimit: MAX_BODY_BYTES,
      requestTimeout: 10_000,
      http: { headersTimeout: 10_000, connectionsCheckingInterval: 5_000 },
      trustProxy: config.TRUSTED_PROXIES ?? false,
      genReqId: () => uuidv7(),
      requestIdHeader: false,
    }),
    prepare: (adapter, config) => {
      serveConsole(adapter, config);
      const fastify = adapter.getInstance();
      // Bodies stay bytes until a route's schema, or a signature over them, decides what they are.
      fastify.removeAllContentTypeParsers();
      const bodies = new BodyReader();
      fastify.addHook('onRequest', (request, reply, done) => {
        bodies.expect(request, reply);
        done();
      });
      fastify.addContentTypeParser('*', (request: FastifyRequest, payload: IncomingMessage) =>
        bodies.read(request, payload),
      );
      fastify.addHook('onRoute', (route) => {
        if (route.url === WEBHOOK_PATH) route.bodyLimit = MAX_WEBHOOK_BYTES;
      });
      // Those of the playground are not even that: they are passed on while they come, once it is known whose they are.
      fastify.addHook('onRequest', (request, _reply, done) => {
        if (request.routeOptions.url?.endsWith(PLAYGROUND)) request.raw.headers['content-type'] = PASSED_ON;
        done();
      });
      fastify.addContentTypeParser(PASSED_ON, (_request, payload, done) => done(null, payload));
    },
  },
};
