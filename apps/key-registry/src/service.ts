import type { ServiceDefinition } from '@orgn/service-kit';
import { KeyRegistryConfig } from './config.ts';
import { KeyRegistryModule } from './key-registry.module.ts';

/** Owns API keys: makes them known, judges them, ends them. */
export const keyRegistryService: ServiceDefinition<typeof KeyRegistryConfig.schema> = {
  name: 'key-registry',
  module: KeyRegistryModule,
  config: KeyRegistryConfig,
};
