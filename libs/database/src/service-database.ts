import { Module, type DynamicModule, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { requireBoundRole } from './bound-role.ts';
import { bounds, POOL_SIZE, SESSION_OPTIONS, SILENCE_MS } from './bounds.ts';
import { databaseTls, type DatabaseTls, type TlsSettings } from './database-tls.ts';
import { SchemaWatch, type ExpectedSchema } from './schema-watch.ts';
import { WatchedClient } from './watched-client.ts';

export interface ServiceDatabaseOptions {
  /** postgresql://role:password@host:port/database; the role's name is also its schema. */
  url: string;
  /** Name shown in pg_stat_activity. */
  instance: string;
  entities: NonNullable<DataSourceOptions['entities']>;
  /** Most connections of this process. */
  poolSize?: number;
  /** Absent: in the clear. */
  tls?: DatabaseTls;
  /** When the server ends a statement, in milliseconds. */
  statementTimeoutMs?: number;
}

/**
 * A service's connection pool. Each service has one schema and one login role of the same name, and reads no other.
 * Nothing is created or changed at boot: migrations are a job of their own. Every wait has an end: for a connection, for
 * a lock, for a statement, and for a server that has gone silent.
 */
export function toDataSourceOptions(options: ServiceDatabaseOptions): DataSourceOptions {
  const statementTimeoutMs = options.statementTimeoutMs ?? bounds.statementTimeoutMs;
  return {
    type: 'postgres',
    url: options.url,
    schema: schemaOf(options.url),
    ssl: options.tls ?? false,
    entities: options.entities,
    synchronize: false,
    migrationsRun: false,
    // Query logs carry parameters, so they stay off.
    logging: false,
    applicationName: options.instance,
    poolSize: options.poolSize ?? POOL_SIZE,
    connectTimeoutMS: 3_000,
    extra: {
      Client: WatchedClient,
      options: SESSION_OPTIONS,
      statement_timeout: statementTimeoutMs,
      query_timeout: statementTimeoutMs + SILENCE_MS,
      lock_timeout: bounds.lockTimeoutMs,
      idle_in_transaction_session_timeout: bounds.idleInTransactionTimeoutMs,
      idleTimeoutMillis: 30_000,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
    },
  };
}

/** What the configuration of a service with a database says of it. */
export interface DatabaseSettings extends TlsSettings {
  DATABASE_URL: string;
  /** Where the URL has none. */
  DATABASE_PASSWORD?: string | undefined;
  INSTANCE: string;
}

@Module({})
class ServiceDatabase implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(private readonly watch: SchemaWatch) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.watch.start();
  }

  onModuleDestroy(): void {
    this.watch.stop();
  }
}

/**
 * Registers the pool with Nest, and a SchemaWatch over what is expected of the schema. `C` is the app's configuration class,
 * injected to find the URL.
 */
export function serviceDatabase<C extends DatabaseSettings>(
  config: new () => C,
  entities: ServiceDatabaseOptions['entities'],
  { expected, ...bounded }: Pick<ServiceDatabaseOptions, 'statementTimeoutMs'> & { expected: ExpectedSchema },
): DynamicModule {
  const watch = {
    provide: SchemaWatch,
    inject: [DataSource, config],
    useFactory: (source: DataSource, { DATABASE_URL }: C) =>
      new SchemaWatch((query, values) => source.query(query, values), schemaOf(DATABASE_URL), expected),
  };
  return {
    module: ServiceDatabase,
    imports: [poolOf(config, entities, bounded)],
    providers: [watch],
    exports: [SchemaWatch],
  };
}

function poolOf<C extends DatabaseSettings>(
  config: new () => C,
  entities: ServiceDatabaseOptions['entities'],
  bounded: Pick<ServiceDatabaseOptions, 'statementTimeoutMs'>,
): DynamicModule {
  return TypeOrmModule.forRootAsync({
    inject: [config],
    useFactory: (values: C) => ({
      ...toDataSourceOptions({
        url: withPassword(values.DATABASE_URL, values.DATABASE_PASSWORD),
        instance: values.INSTANCE,
        tls: databaseTls(values),
        entities,
        ...bounded,
      }),
      retryAttempts: 60,
      retryDelay: 500,
    }),
    dataSourceFactory: async (options) => openBound(new DataSource(options as DataSourceOptions)),
  });
}

/** Opens a pool, and holds it to a service's bounds. @throws UnboundRoleError */
export async function openBound(source: DataSource): Promise<DataSource> {
  await source.initialize();
  try {
    await requireBoundRole(source);
  } catch (error) {
    await source.destroy();
    throw error;
  }
  return source;
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
