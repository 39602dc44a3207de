import { migrations as authMigrations } from '@orgn/auth/migrations';
import type { ServiceSchema } from '@orgn/database';
import { migrations as inferenceRouterMigrations } from '@orgn/inference-router/migrations';
import { migrations as keyRegistryMigrations } from '@orgn/key-registry/migrations';
import { migrations as usageMeteringMigrations } from '@orgn/usage-metering/migrations';
import type { MigrateConfig } from './config.ts';

export type SchemaName = 'auth' | 'inference_router' | 'key_registry' | 'usage_metering';

/** Every service that owns a schema, with the migrations that make it. */
export const migrationsBySchema: Readonly<Record<SchemaName, ServiceSchema['migrations']>> = {
  auth: authMigrations,
  inference_router: inferenceRouterMigrations,
  key_registry: keyRegistryMigrations,
  usage_metering: usageMeteringMigrations,
};

/** All of them, in an order in which they can be made. */
export const schemaNames = Object.keys(migrationsBySchema) as SchemaName[];

/** The same with the login roles that the job makes. */
export function toServiceSchemas(config: MigrateConfig): ServiceSchema[] {
  const passwords = {
    auth: config.AUTH_DATABASE_PASSWORD,
    inference_router: config.INFERENCE_ROUTER_DATABASE_PASSWORD,
    key_registry: config.KEY_REGISTRY_DATABASE_PASSWORD,
    usage_metering: config.USAGE_METERING_DATABASE_PASSWORD,
  };
  return schemaNames.map((name) => ({
    name,
    password: passwords[name],
    // Routers keep what is over; nobody waits for them, and two connections a replica do.
    connections:
      name === 'inference_router' ? Math.floor(config.DATABASE_CONNECTIONS / 4) : config.DATABASE_CONNECTIONS,
    migrations: migrationsBySchema[name],
  }));
}
