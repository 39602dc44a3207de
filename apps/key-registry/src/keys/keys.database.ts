import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { ServiceError, type ErrorCode, type TeamId } from '@orgn/contracts';
import { PATIENT_WORKS, runPrepared, Turnstile, type PreparedStatement } from '@orgn/database';
import { ServiceLog } from '@orgn/service-kit';
import { QueryFailedError, type DataSource, type EntityManager } from 'typeorm';
import { TeamKeys } from './team-keys.ts';

/** Any constant: the family of the locks on teams. */
const TEAM_LOCK = 7_214_303;

// What a reply says must outlive a crash, whatever the server's default is. And a replica that hangs in the middle of a
// change must not keep its team locked: Postgres ends its transaction, and the change has not happened.
const BEGIN = `
  SELECT set_config('lock_timeout', '3s', true), set_config('idle_in_transaction_session_timeout', '3s', true),
         set_config('synchronous_commit', CASE setting WHEN 'off' THEN 'on' ELSE setting END, true)
  FROM current_setting('synchronous_commit') AS setting`;

/** Which promise of ours a violated constraint stands for. */
const conflicts: Record<string, [ErrorCode, string, string]> = {
  api_keys_digest_key: ['request_conflict', 'This key is already registered.', 'digest'],
  api_keys_expires_after_creation: ['invalid_request', 'expiresAt must lie in the future.', 'expiresAt'],
};

/** How the registry speaks to Postgres. Every failure leaves as `service_unavailable`, never as a verdict on a key. */
@Injectable()
export class KeysDatabase {
  /** Changes that wait for a lock must never leave verifications without a connection. */
  readonly #changes = new Turnstile(PATIENT_WORKS);

  constructor(
    @InjectDataSource() private readonly source: DataSource,
    private readonly log: ServiceLog,
  ) {}

  /** Runs a statement of its own on the primary. */
  ask<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.#declared(() => work(this.source.manager));
  }

  /** Runs a statement that is asked all the time. */
  askPrepared<R extends object>(statement: PreparedStatement, values: unknown[]): Promise<R[]> {
    return this.#declared(() => runPrepared<R>(this.source, statement, values));
  }

  /**
   * Changes a team's keys in one transaction, under the team's lock: changes of one team happen one after another, at
   * whatever replica, so what `work` has read stays true until it is committed. Resolves after the commit.
   */
  change<T>(teamId: TeamId, work: (keys: TeamKeys) => Promise<T>): Promise<T> {
    const transaction = async (manager: EntityManager) => {
      await manager.query(BEGIN);
      await manager.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [TEAM_LOCK, teamId]);
      return work(new TeamKeys(teamId, manager));
    };
    return this.#inTurn(() => this.ask((manager) => manager.transaction(transaction)));
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await this.#changes.pass(work);
    } catch (error) {
      throw error instanceof ServiceError ? error : unavailable(error);
    }
  }

  async #declared<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw toDeclared(error) ?? this.#toUnavailable(error);
    }
  }

  #toUnavailable(cause: unknown): ServiceError {
    this.log.error('database failed', cause);
    return unavailable(cause);
  }
}

function unavailable(cause: unknown): ServiceError {
  return new ServiceError('service_unavailable', 'Keys cannot be read or written right now; try again shortly.', {
    cause,
  });
}

function toDeclared(error: unknown): ServiceError | undefined {
  if (error instanceof ServiceError) return error;
  if (!(error instanceof QueryFailedError)) return undefined;
  const { constraint } = error.driverError as { constraint?: string };
  const conflict = conflicts[constraint ?? ''];
  return conflict && new ServiceError(conflict[0], conflict[1], { param: conflict[2] });
}
