import { migrations as authMigrations } from '@orgn/auth/migrations';
import type { ServiceSchema } from '@orgn/database';
import { migrations as keyRegistryMigrations } from '@orgn/key-registry/migrations';
import { migrations as usageMeteringMigrations } from '@orgn/usage-metering/migrations';
import type { MigrateConfig } from './config.ts';

/** Every service that owns a schema, with the migrations that make it. */
export function toServiceSchemas(config: MigrateConfig): ServiceSchema[] {
  const connections = config.DATABASE_CONNECTIONS;
  return [
    { name: 'auth', password: config.AUTH_DATABASE_PASSWORD, connections, migrations: authMigrations },
    {
      name: 'key_registry',
      password: config.KEY_REGISTRY_DATABASE_PASSWORD,
      connections,
      migrations: keyRegistryMigrations,
    },
    {
      name: 'usage_metering',
      password: config.USAGE_METERING_DATABASE_PASSWORD,
      connections,
      migrations: usageMeteringMigrations,
    },
  ];
}
