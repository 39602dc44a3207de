import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { ServiceError } from '@orgn/contracts';
import { ServiceLog } from '@orgn/service-kit';
import type { DataSource, EntityManager } from 'typeorm';

/** The database of this service. Every failure of it leaves as `service_unavailable`. */
@Injectable()
export class AuthDatabase {
  readonly #transaction = new AsyncLocalStorage<EntityManager>();

  constructor(
    @InjectDataSource() private readonly source: DataSource,
    private readonly log: ServiceLog,
  ) {}

  /** Asks the database, in the transaction that runs around the call if there is one. */
  async query<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    try {
      return await work(this.#transaction.getStore() ?? this.source.manager);
    } catch (cause) {
      if (cause instanceof ServiceError) throw cause;
      this.log.error('database failed', cause);
      throw new ServiceError('service_unavailable', 'Nothing can be read or written right now; try again shortly.', {
        cause,
      });
    }
  }

  /** Makes everything that `work` asks one transaction; inside another one, a part of that. */
  transaction<T>(work: () => Promise<T>): Promise<T> {
    if (this.#transaction.getStore()) return work();
    return this.query((manager) => manager.transaction((inner) => this.within(inner, work)));
  }

  /** Makes everything that `work` asks a part of a transaction that somebody else has opened. */
  within<T>(manager: EntityManager, work: () => Promise<T>): Promise<T> {
    return this.#transaction.run(manager, work);
  }
}
