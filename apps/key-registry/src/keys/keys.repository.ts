import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import {
  ServiceError,
  type ErrorCode,
  type ExecutionPolicy,
  type KeyId,
  type KeyState,
  type KeyView,
  type TeamId,
} from '@orgn/contracts';
import { ServiceLog } from '@orgn/service-kit';
import { IsNull, QueryFailedError, type Repository } from 'typeorm';
import type { StoredDigest } from './key-digest.ts';
import { KeyEntity, stateSql } from './key.entity.ts';

/** A key without its digest. */
export type KeyRecord = Omit<KeyEntity, 'digest' | 'digestKid'>;

/** What registration decides; the database adds the rest. */
export type NewKey = Pick<
  KeyEntity,
  'id' | 'lineageId' | 'digest' | 'digestKid' | 'teamId' | 'name' | 'hint' | 'models' | 'executionPolicy' | 'expiresAt'
>;

/** A key as the hot path needs it, with its state and the database's time at that moment. */
export interface KeyJudgement {
  id: KeyId;
  digest: Buffer;
  digestKid: string;
  teamId: TeamId;
  executionPolicy: ExecutionPolicy;
  models: string[] | null;
  state: KeyState;
  judgedAt: Date;
}

/** A digest to be replaced by its equal under another pepper. */
export interface DigestMove {
  id: KeyId;
  from: Buffer;
  to: StoredDigest;
}

/** Which promise of ours a violated constraint stands for. */
const conflicts: Record<string, [ErrorCode, string, string]> = {
  api_keys_digest_key: ['request_conflict', 'This key is already registered.', 'digest'],
  api_keys_name_key: [
    'request_conflict',
    'The team has a key of this name that is not revoked. Revoke it or choose another name.',
    'name',
  ],
  api_keys_expires_after_creation: ['invalid_request', 'expiresAt must lie in the future.', 'expiresAt'],
};

const JUDGE = `
  SELECT k.id, k.digest, k.digest_kid AS "digestKid", k.team_id AS "teamId", k.execution_policy AS "executionPolicy",
         k.models, ${stateSql('k')} AS state, now() AS "judgedAt"
  FROM api_keys k WHERE k.digest = ANY($1::bytea[])`;

// Rows are locked in the order of their ids: replicas that write at the same time then wait instead of deadlocking.
const RECORD_USES = `
  WITH used AS (SELECT * FROM unnest($1::text[], $2::timestamptz[]) AS used (id, at)),
       held AS (SELECT id FROM api_keys WHERE id = ANY($1::text[]) ORDER BY id FOR NO KEY UPDATE)
  UPDATE api_keys k SET last_used_at = GREATEST(k.last_used_at, used.at)
  FROM held JOIN used USING (id) WHERE k.id = held.id`;

const MOVE_DIGESTS = `
  WITH move AS (SELECT * FROM unnest($1::text[], $2::bytea[], $3::bytea[], $4::text[]) AS move (id, was, digest, kid)),
       held AS (SELECT id FROM api_keys WHERE id = ANY($1::text[]) ORDER BY id FOR UPDATE)
  UPDATE api_keys k SET digest = move.digest, digest_kid = move.kid
  FROM held JOIN move USING (id) WHERE k.id = held.id AND k.digest = move.was`;

/** The table api_keys. Every failure of the database leaves as `service_unavailable`, never as a verdict on a key. */
@Injectable()
export class KeysRepository {
  constructor(
    @InjectRepository(KeyEntity) private readonly keys: Repository<KeyEntity>,
    private readonly log: ServiceLog,
  ) {}

  /** The keys that have one of these stored digests, judged in one statement on the primary. */
  judge(digests: Buffer[]): Promise<KeyJudgement[]> {
    return this.#run(() => this.keys.query<KeyJudgement[]>(JUDGE, [digests]));
  }

  /** @throws ServiceError `request_conflict`, `invalid_request` */
  insert(key: NewKey): Promise<KeyRecord> {
    return this.#run(async () => {
      await this.keys.insert(key);
      return this.keys.findOneByOrFail({ id: key.id });
    });
  }

  findByTeam(teamId: TeamId): Promise<KeyRecord[]> {
    return this.#run(() => this.keys.find({ where: { teamId }, order: { createdAt: 'DESC', id: 'DESC' } }));
  }

  /** Commits the revocation unless there is one already; answers the key as it is then, null when there is none. */
  revoke(id: KeyId, reason: NonNullable<KeyView['revocationReason']>): Promise<KeyRecord | null> {
    return this.#run(async () => {
      await this.keys.update({ id, revokedAt: IsNull() }, { revokedAt: () => 'now()', revocationReason: reason });
      return this.keys.findOneBy({ id });
    });
  }

  /** Moves `last_used_at` forward, never back. */
  async recordUses(uses: ReadonlyMap<KeyId, Date>): Promise<void> {
    if (uses.size === 0) return;
    await this.#run(() => this.keys.query(RECORD_USES, [[...uses.keys()], [...uses.values()]]));
  }

  async moveDigests(moves: readonly DigestMove[]): Promise<void> {
    if (moves.length === 0) return;
    const columns = [moves.map(({ id }) => id), moves.map(({ from }) => from), moves.map(({ to }) => to.digest)];
    await this.#run(() => this.keys.query(MOVE_DIGESTS, [...columns, moves.map(({ to }) => to.kid)]));
  }

  /** Peppers, other than these, that keys which are not revoked are stored under. */
  findKidsOutside(kids: readonly string[]): Promise<string[]> {
    const sql =
      'SELECT DISTINCT digest_kid AS kid FROM api_keys WHERE revoked_at IS NULL AND digest_kid <> ALL($1::text[])';
    return this.#run(async () => (await this.keys.query<{ kid: string }[]>(sql, [kids])).map(({ kid }) => kid));
  }

  async #run<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw toConflict(error) ?? this.#toUnavailable(error);
    }
  }

  #toUnavailable(cause: unknown): ServiceError {
    this.log.error('database failed', cause);
    return new ServiceError('service_unavailable', 'Keys cannot be read or written right now; try again shortly.', {
      cause,
    });
  }
}

function toConflict(error: unknown): ServiceError | undefined {
  if (!(error instanceof QueryFailedError)) return undefined;
  const { constraint } = error.driverError as { constraint?: string };
  const conflict = conflicts[constraint ?? ''];
  return conflict && new ServiceError(conflict[0], conflict[1], { param: conflict[2] });
}
