import { Bus, type ServiceDefinition } from '@orgn/service-kit';
import { routerChanged } from '@orgn/contracts';
import { AdmissionClock } from './admission/admission-clock.ts';
import { RouterConfig } from './config.ts';
import { RunningExchanges } from './dispatch/running-exchanges.ts';
import { InferenceRouterModule } from './inference-router.module.ts';

export const inferenceRouter: ServiceDefinition<typeof RouterConfig.schema> = {
  name: 'inference-router',
  module: InferenceRouterModule,
  config: RouterConfig,
  underWay: (app) => app.get(RunningExchanges).count,
  cut: (app) => app.get(RunningExchanges).cutAll(),
  started: (app) => {
    // Before it knows the time it is found by nobody.
    void app.get(AdmissionClock).isTold.then(() => {
      app.get(Bus).broadcast(routerChanged, { router: app.get(RouterConfig).INSTANCE, isLeaving: false });
    });
  },
};
