import type { DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { DataSourceOptions } from 'typeorm';

export interface ServiceDatabaseOptions {
  /** postgresql://role:password@host:port/database; the role's name is also its schema. */
  url: string;
  /** Name shown in pg_stat_activity. */
  instance: string;
  entities: NonNullable<DataSourceOptions['entities']>;
  /** Most connections of this process. */
  poolSize?: number;
}

/**
 * A service's connection pool. Each service has one schema and one login role of the same name, and reads no other.
 * Nothing is created or changed at boot: migrations are a job of their own.
 */
export function toDataSourceOptions(options: ServiceDatabaseOptions): DataSourceOptions {
  return {
    type: 'postgres',
    url: options.url,
    schema: schemaOf(options.url),
    entities: options.entities,
    synchronize: false,
    migrationsRun: false,
    // Query logs carry parameters, so they stay off.
    logging: false,
    applicationName: options.instance,
    poolSize: options.poolSize ?? 8,
    connectTimeoutMS: 3_000,
    extra: { statement_timeout: 10_000, idleTimeoutMillis: 30_000 },
  };
}

/** What the configuration of a service with a database says of it. */
export interface DatabaseSettings {
  DATABASE_URL: string;
  /** Where the URL has none. */
  DATABASE_PASSWORD?: string | undefined;
  INSTANCE: string;
}

/** Registers the pool with Nest. `C` is the app's configuration class, injected to find the URL. */
export function serviceDatabase<C extends DatabaseSettings>(
  config: new () => C,
  entities: ServiceDatabaseOptions['entities'],
): DynamicModule {
  return TypeOrmModule.forRootAsync({
    inject: [config],
    useFactory: (values: C) => ({
      ...toDataSourceOptions({
        url: withPassword(values.DATABASE_URL, values.DATABASE_PASSWORD),
        instance: values.INSTANCE,
        entities,
      }),
      retryAttempts: 60,
      retryDelay: 500,
    }),
  });
}

/** The schema of a database URL is the name of its role. */
export function schemaOf(url: string): string {
  return decodeURIComponent(new URL(url).username);
}

/** A database URL with a password that came by a way of its own, or as it is without one. */
export function withPassword(url: string, password: string | undefined): string {
  if (password === undefined) return url;
  const whole = new URL(url);
  whole.password = encodeURIComponent(password);
  return whole.href;
}
