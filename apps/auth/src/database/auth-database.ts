import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { ServiceError } from '@orgn/contracts';
import { PATIENT_WORKS, Turnstile } from '@orgn/database';
import { ServiceLog } from '@orgn/service-kit';
import type { DataSource, EntityManager } from 'typeorm';

/** The database of this service. Every failure of it leaves as `service_unavailable`. */
@Injectable()
export class AuthDatabase {
  readonly #transaction = new AsyncLocalStorage<EntityManager>();
  readonly #patient = new Turnstile(PATIENT_WORKS);

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
      throw unavailable(cause);
    }
  }

  /** Makes everything that `work` asks one transaction; inside another one, a part of that. */
  transaction<T>(work: () => Promise<T>): Promise<T> {
    if (this.#transaction.getStore()) return work();
    return this.query((manager) => manager.transaction((inner) => this.within(inner, work)));
  }

  /**
   * A transaction whose work waits for another service, or for a lock that such work holds. Half of the pool at most does:
   * a part that hangs must not keep anybody from what needs the database alone.
   */
  async patientTransaction<T>(work: () => Promise<T>): Promise<T> {
    if (this.#transaction.getStore()) return work();
    try {
      return await this.#patient.pass(() => this.transaction(work));
    } catch (cause) {
      throw cause instanceof ServiceError ? cause : unavailable(cause);
    }
  }

  /** Makes everything that `work` asks a part of a transaction that somebody else has opened. */
  within<T>(manager: EntityManager, work: () => Promise<T>): Promise<T> {
    return this.#transaction.run(manager, work);
  }
}

function unavailable(cause: unknown): ServiceError {
  return new ServiceError('service_unavailable', 'Nothing can be read or written right now; try again shortly.', {
    cause,
  });
}
