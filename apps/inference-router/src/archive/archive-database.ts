import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { ServiceError } from '@orgn/contracts';
import { databaseTls, openBound, schemaOf, SchemaWatch, toDataSourceOptions, withPassword } from '@orgn/database';
import { ServiceLog } from '@orgn/service-kit';
import { DataSource, type EntityManager } from 'typeorm';
import { RouterConfig } from '../config.ts';
import { migrations, shape } from '../migrations/index.ts';

/** Nobody waits for what is written here, and few ask. */
const CONNECTIONS = 2;

/** Asks the database, alone or in a transaction. */
export type Ask = <Row>(text: string, values: unknown[]) => Promise<Row[]>;

/** The schema of receipts. It may be away, or be none: a router answers requests without it. */
@Injectable()
export class ArchiveDatabase implements OnApplicationBootstrap, OnApplicationShutdown {
  #opening: Promise<DataSource> | undefined;
  #watch: SchemaWatch | undefined;
  readonly #replaced: (() => void)[] = [];

  constructor(
    private readonly config: RouterConfig,
    private readonly log: ServiceLog,
  ) {}

  /** Is told when the schema is another one, as after a restore: what is remembered of it is of another time. */
  onReplaced(hear: () => void): void {
    this.#replaced.push(hear);
  }

  get isConfigured(): boolean {
    return this.config.DATABASE_URL !== undefined;
  }

  /** Not waited for: a router that starts while the database is away serves all the same. */
  onApplicationBootstrap(): void {
    if (this.isConfigured) this.#source().catch((error: unknown) => this.log.warn('no database yet', {}, error));
  }

  async onApplicationShutdown(): Promise<void> {
    this.#watch?.stop();
    const source = await this.#opening?.catch(() => undefined);
    await source?.destroy().catch(() => undefined);
  }

  /** @throws ServiceError `service_unavailable` */
  async query<Row>(text: string, values: unknown[] = []): Promise<Row[]> {
    return this.#run((source) => source.query(text, values));
  }

  /** @throws ServiceError `service_unavailable`, when nothing of it was done */
  transaction<T>(work: (ask: Ask) => Promise<T>): Promise<T> {
    const within = (manager: EntityManager) => work((text, values) => manager.query(text, values));
    return this.#run((source) => source.transaction(within));
  }

  async #run<T>(work: (source: DataSource) => Promise<T>): Promise<T> {
    try {
      return await work(await this.#source());
    } catch (cause) {
      if (cause instanceof ServiceError) throw cause;
      throw new ServiceError('service_unavailable', 'Receipts cannot be read right now; try again shortly.', { cause });
    }
  }

  #source(): Promise<DataSource> {
    this.#opening ??= this.#open().catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  async #open(): Promise<DataSource> {
    const { DATABASE_URL: url, DATABASE_PASSWORD: password, INSTANCE: instance } = this.config;
    if (url === undefined) throw new ServiceError('service_unavailable', 'Receipts are not kept here.');
    const options = { url: withPassword(url, password), instance, entities: [], tls: databaseTls(this.config) };
    const source = await openBound(new DataSource(toDataSourceOptions({ ...options, poolSize: CONNECTIONS })));
    await this.#watchSchema(source, schemaOf(url));
    return source;
  }

  async #watchSchema(source: DataSource, schema: string): Promise<void> {
    let told: string | undefined;
    this.#watch = new SchemaWatch((text, values) => source.query(text, values), schema, { migrations, shape });
    this.#watch.onLook((fault) => {
      if (fault !== undefined && fault !== told) this.log.error('the schema is not whole', undefined, { fault });
      told = fault;
    });
    this.#watch.onReplaced(() => this.#replaced.forEach((hear) => hear()));
    await this.#watch.start();
  }
}
