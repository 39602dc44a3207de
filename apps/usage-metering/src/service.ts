import { UsageMeteringConfig } from './config.ts';
import { UsageMeteringModule } from './usage-metering.module.ts';

/** What runs as usage-metering: the process's own entry point and integration tests start it from here. */
export const usageMeteringService = {
  name: 'usage-metering' as const,
  module: UsageMeteringModule,
  config: UsageMeteringConfig,
};
