import { Bus, type ServiceDefinition } from '@orgn/service-kit';
import { routerChanged } from '@orgn/contracts';
import { RouterConfig } from './config.ts';
import { ReadingThreads } from './endpoints/reading-threads.ts';
import { RunningExchanges } from './dispatch/running-exchanges.ts';
import { InferenceRouterModule } from './inference-router.module.ts';

/** A ticket may list 256 models of 128 characters. */
const MAX_HEADER_BYTES = 64 * 1024;

export const inferenceRouter: ServiceDefinition<typeof RouterConfig.schema> = {
  name: 'inference-router',
  module: InferenceRouterModule,
  config: RouterConfig,
  http: {
    host: (config) => config.HTTP_HOST,
    port: (config) => config.HTTP_PORT,
    takes: 'gateway',
    options: (config) => ({
      bodyLimit: config.MAX_BODY_BYTES,
      keepAliveTimeout: 65_000,
      http: { maxHeaderSize: MAX_HEADER_BYTES },
    }),
    prepare: (adapter) => {
      const fastify = adapter.getInstance();
      // Bodies stay bytes: what a provider receives is what the caller sent, but for the edits we list.
      fastify.removeAllContentTypeParsers();
      fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    },
  },
  cut: (app) => app.get(RunningExchanges).cutAll(),
  started: (app) => {
    app.get(ReadingThreads).warm();
    app.get(Bus).broadcast(routerChanged, { router: app.get(RouterConfig).INSTANCE, isLeaving: false });
  },
};
