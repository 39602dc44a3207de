import { Bus, type ServiceDefinition } from '@orgn/service-kit';
import { routerChanged } from '@orgn/contracts';
import { AdmissionClock } from './admission/admission-clock.ts';
import { RouterConfig } from './config.ts';
import { ReadingThreads } from './endpoints/reading-threads.ts';
import { takeBodies } from './dispatch/posted-body.ts';
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
    prepare: (adapter, config) => takeBodies(adapter.getInstance(), config.MAX_BODY_BYTES),
  },
  cut: (app) => app.get(RunningExchanges).cutAll(),
  started: (app) => {
    app.get(ReadingThreads).warm();
    // Before it knows the time it opens its channel to nobody.
    void app.get(AdmissionClock).isTold.then(() => {
      app.get(Bus).broadcast(routerChanged, { router: app.get(RouterConfig).INSTANCE, isLeaving: false });
    });
  },
};
