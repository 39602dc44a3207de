import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import {
  IDEMPOTENCY_HOURS,
  ServiceError,
  type beginIdempotent,
  type IdempotencyOutcome,
  type ReplyOf,
  type RequestId,
  type TeamId,
} from '@orgn/contracts';
import { Between, IsNull, type Repository } from 'typeorm';
import type { HiddenRequest } from './hidden-request.ts';
import { IdempotencyKeyEntity } from './idempotency-key.entity.ts';
import { IdempotencySecretEntity } from './idempotency-secret.entity.ts';

type Begun = ReplyOf<typeof beginIdempotent>;

interface BegunRow extends Omit<Begun, 'costNanoUsd'> {
  costNanoUsd: string | null;
}

const BEGIN = `
  SELECT state, first_id AS "requestId", first_outcome AS outcome, first_cost AS "costNanoUsd"
  FROM begin_idempotent($1, $2, $3, $4, $5)`;

/** Whoever says that nothing was dispatched is wrong where there is usage. */
const RELEASE = `
  DELETE FROM idempotency_keys k WHERE k.team_id = $1 AND k.request_id = $2 AND k.outcome IS NULL
    AND NOT EXISTS (SELECT FROM usage_rows u WHERE u.request_id = k.request_id)`;

const FORGET_KEYS = `
  WITH old AS (
    SELECT request_id FROM idempotency_keys WHERE started_at < now() - interval '${IDEMPOTENCY_HOURS} hours'
    ORDER BY started_at LIMIT $1 FOR UPDATE SKIP LOCKED)
  DELETE FROM idempotency_keys k USING old WHERE k.request_id = old.request_id RETURNING k.request_id`;

/** Every failure of the database leaves as `service_unavailable`: without an answer nothing may be dispatched. */
@Injectable()
export class IdempotencyRepository {
  constructor(
    @InjectRepository(IdempotencyKeyEntity) private readonly keys: Repository<IdempotencyKeyEntity>,
    @InjectRepository(IdempotencySecretEntity) private readonly secrets: Repository<IdempotencySecretEntity>,
  ) {}

  /** Begins a request in one statement, unless its key stands for an earlier one. */
  begin(teamId: TeamId, requestId: RequestId, hidden: HiddenRequest): Promise<Begun> {
    return this.#run(async () => {
      const values = [teamId, requestId, hidden.turn, hidden.keyHmacs, hidden.bodyHmacs];
      const [row] = await this.keys.query<[BegunRow]>(BEGIN, values);
      return { ...row, costNanoUsd: row.costNanoUsd === null ? null : Number(row.costNanoUsd) };
    });
  }

  /** Keeps the first outcome that is said of a request. */
  async end(teamId: TeamId, requestId: RequestId, outcome: IdempotencyOutcome): Promise<void> {
    await this.#run(() => this.keys.update({ teamId, requestId, outcome: IsNull() }, { outcome }));
  }

  /** Makes a key free again, unless its request has ended or there is usage of it. */
  async release(teamId: TeamId, requestId: RequestId): Promise<void> {
    await this.#run(() => this.keys.query(RELEASE, [teamId, requestId]));
  }

  /** Offers secrets for days that have none, and answers those that stand, from a day on, by day. */
  shareSecrets(offered: readonly IdempotencySecretEntity[], from: string): Promise<Map<string, Buffer>> {
    return this.#run(async () => {
      await this.secrets
        .createQueryBuilder()
        .insert()
        .values([...offered])
        .orIgnore()
        .execute();
      const until =
        offered
          .map(({ day }) => day)
          .sort()
          .at(-1) ?? from;
      const found = await this.secrets.findBy({ day: Between(from, until) });
      return new Map(found.map(({ day, secret }) => [day, secret]));
    });
  }

  /** Deletes up to `limit` keys that are older than a key lives; answers how many those were. */
  forgetKeys(limit: number): Promise<number> {
    return this.#run(async () => {
      const [forgotten] = await this.keys.query<[unknown[]]>(FORGET_KEYS, [limit]);
      return forgotten.length;
    });
  }

  async forgetSecrets(): Promise<void> {
    await this.#run(() => this.secrets.createQueryBuilder().delete().where('expires_at < now()').execute());
  }

  async #run<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      throw new ServiceError(
        'service_unavailable',
        'Idempotency keys cannot be checked right now; try again shortly.',
        {
          cause,
        },
      );
    }
  }
}
