import type { ServiceDefinition } from '@orgn/service-kit';
import { v7 as uuidv7 } from 'uuid';
import { GatewayConfig } from './config.ts';
import { answerClientError } from './errors/client-error.ts';
import { GatewayModule } from './gateway.module.ts';

export const gateway: ServiceDefinition<typeof GatewayConfig.schema> = {
  name: 'gateway',
  module: GatewayModule,
  config: GatewayConfig,
  http: {
    host: (config) => config.HTTP_HOST,
    port: (config) => config.HTTP_PORT,
    options: (config) => ({
      bodyLimit: config.MAX_BODY_BYTES,
      requestTimeout: config.REQUEST_TIMEOUT_MS,
      keepAliveTimeout: 65_000,
      // Whose X-Forwarded-For is believed; from anybody else the header is what a caller made up.
      trustProxy: config.TRUSTED_PROXIES ?? false,
      // Request ids are minted here and never taken from a caller.
      genReqId: () => uuidv7(),
      requestIdHeader: false,
      routerOptions: { ignoreTrailingSlash: true },
      clientErrorHandler: answerClientError,
    }),
    prepare: (adapter) => {
      const fastify = adapter.getInstance();
      // Bodies stay bytes: what the provider receives is what the caller sent.
      fastify.removeAllContentTypeParsers();
      fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    },
  },
};
