import type { ServiceDefinition } from '@orgn/service-kit';
import { AuthModule } from './auth.module.ts';
import { AuthConfig } from './config.ts';
import { serveConsole } from './pages/serve-console.ts';

/** Owns teams, issues keys for them, and serves the console host. */
export const authService: ServiceDefinition<typeof AuthConfig.schema> = {
  name: 'auth',
  module: AuthModule,
  config: AuthConfig,
  http: {
    host: (config) => config.HTTP_HOST,
    port: (config) => config.HTTP_PORT,
    // Nothing on this host takes a body yet.
    options: () => ({ bodyLimit: 16 * 1024, requestTimeout: 10_000 }),
    prepare: serveConsole,
  },
};
