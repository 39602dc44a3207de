import type { ServiceDefinition } from '@orgn/service-kit';
import { UsageMeteringConfig } from './config.ts';
import { UsageStreamWatch } from './usage/usage-stream-watch.ts';
import { UsageMeteringModule } from './usage-metering.module.ts';

/** What runs as usage-metering: the process's own entry point and integration tests start it from here. */
export const usageMeteringService: ServiceDefinition<typeof UsageMeteringConfig.schema> = {
  name: 'usage-metering',
  module: UsageMeteringModule,
  config: UsageMeteringConfig,
  backlog: (app) => app.get(UsageStreamWatch).backlog,
};
