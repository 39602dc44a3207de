import { Injectable } from '@nestjs/common';
import type { ExecutionPolicy, KeyId, KeyState, TeamId, TeamStanding, UserId } from '@orgn/contracts';
import type { SpendingLimits } from '@orgn/service-kit';
import { In, type EntityManager } from 'typeorm';
import { isSameDigest, type StoredDigest } from './key-digest.ts';
import type { KeyRecord } from './key-view.ts';
import { KeyEntity, NOW, stateSql } from './key.entity.ts';
import { KeysDatabase } from './keys.database.ts';
import { executionPolicySql } from './execution-policy.sql.ts';
import { monthlyBudgetSql } from './monthly-budget.sql.ts';
import { TeamStandingEntity } from './team-standing.entity.ts';

/** A key as the hot path needs it, with its state and the database's time at that moment. */
export interface KeyJudgement extends SpendingLimits {
  id: KeyId;
  digest: Buffer;
  digestKid: string;
  teamId: TeamId;
  lineageId: KeyId;
  ownerId: UserId | null;
  /** What its team lets it run at most. */
  executionPolicy: ExecutionPolicy;
  /** Of its team. */
  teeDemands: string | null;
  models: string[] | null;
  ipAllowList: string[] | null;
  rpm: number | null;
  tpm: number | null;
  state: KeyState;
  standing: TeamStanding;
  /** Its use must be written down before it is accepted: it was not used for an hour. */
  isFreshUse: boolean;
  /** Keys that it replaced wait for its first use, to end their grace period after it. */
  endsOthers: boolean;
  judgedAt: Date;
}

const judgeSql = (which: string) => `
  SELECT k.id, k.digest, k.digest_kid AS "digestKid", k.team_id AS "teamId", k.lineage_id AS "lineageId",
         k.owner_id AS "ownerId", ${executionPolicySql('k')} AS "executionPolicy", t.tee_demands AS "teeDemands",
         k.models, k.ip_allow_list AS "ipAllowList",
         k.budgets, k.soft_budgets AS "softBudgets", k.rpm, k.tpm, k.concurrency,
         ${monthlyBudgetSql('k.team_id', `''`)} AS "teamBudget", ${monthlyBudgetSql('k.team_id', 'k.owner_id')} AS "memberBudget",
         ${stateSql('k')} AS state, COALESCE(t.standing, 'active') AS standing,
         (k.last_used_at > ${NOW} - interval '1 hour') IS NOT TRUE AS "isFreshUse",
         EXISTS (SELECT FROM api_keys o WHERE o.lineage_id = k.lineage_id AND o.generation < k.generation
                 AND o.grace_seconds IS NOT NULL) AS "endsOthers",
         ${NOW} AS "judgedAt"
  FROM api_keys k LEFT JOIN team_standings t ON t.team_id = k.team_id
  WHERE ${which}`;

const JUDGE = { name: 'judge-keys', text: judgeSql('k.digest = ANY($1::bytea[])') };
const JUDGE_ONE = { name: 'judge-key', text: judgeSql('k.id = $1') };

/** Reads of the tables of keys and standings. */
@Injectable()
export class KeysRepository {
  constructor(private readonly database: KeysDatabase) {}

  /** The keys that have one of these stored digests, judged in one statement on the primary. */
  judge(digests: Buffer[]): Promise<KeyJudgement[]> {
    return this.database.askPrepared<KeyJudgement>(JUDGE, [digests]);
  }

  /** The key of this id, judged in the same way. */
  async judgeOne(id: KeyId): Promise<KeyJudgement | undefined> {
    const [key] = await this.database.askPrepared<KeyJudgement>(JUDGE_ONE, [id]);
    return key;
  }

  /** The time of the primary. */
  async now(): Promise<Date> {
    const [row] = await this.database.ask((manager) => manager.query<[{ now: Date }]>(`SELECT ${NOW} AS now`));
    return row.now;
  }

  find(id: KeyId): Promise<KeyRecord | null> {
    return this.database.ask((manager) => manager.findOneBy(KeyEntity, { id }));
  }

  /** The ids of keys by stored digest; unknown digests and those under a pepper of another name are left out. */
  async findIds(digests: StoredDigest[]): Promise<Map<StoredDigest, KeyId>> {
    const wanted = digests.map(({ digest }) => digest);
    const rows = await this.database.ask((manager) => findByDigests(manager, wanted));
    const byDigest = new Map(rows.map((row) => [row.digest.toString('base64'), row]));
    const ids = new Map<StoredDigest, KeyId>();
    for (const digest of digests) {
      const row = byDigest.get(digest.digest.toString('base64'));
      if (row && isSameDigest(digest, { kid: row.digestKid, digest: row.digest })) ids.set(digest, row.id);
    }
    return ids;
  }

  findAll(ids: KeyId[]): Promise<KeyRecord[]> {
    return this.database.ask((manager) => manager.findBy(KeyEntity, { id: In(ids) }));
  }

  /** Whether a team lets its keys ask for its balance. */
  seesBalance(teamId: TeamId): Promise<boolean> {
    return this.database.ask((manager) => manager.existsBy(TeamStandingEntity, { teamId, showsBalance: true }));
  }

  /** Up to `limit` keys of a team that are older than `cursor`, newest first. An unknown cursor is followed by none. */
  findByTeam(teamId: TeamId, cursor: KeyId | null, limit: number): Promise<KeyRecord[]> {
    return this.database.ask((manager) => {
      const page = manager.createQueryBuilder(KeyEntity, 'k').where('k.team_id = :teamId', { teamId });
      const last = 'SELECT c.created_at, c.id FROM api_keys c WHERE c.id = :cursor AND c.team_id = :teamId';
      if (cursor !== null) page.andWhere(`(k.created_at, k.id) < (${last})`, { cursor });
      return page.orderBy({ 'k.createdAt': 'DESC', 'k.id': 'DESC' }).limit(limit).getMany();
    });
  }

  /** Up to `limit` keys of an owner that are older than `cursor`, newest first, whatever team they are of. */
  findByOwner(ownerId: UserId, cursor: KeyId | null, limit: number): Promise<KeyRecord[]> {
    return this.database.ask((manager) => {
      const page = manager.createQueryBuilder(KeyEntity, 'k').where('k.owner_id = :ownerId', { ownerId });
      const last = 'SELECT c.created_at, c.id FROM api_keys c WHERE c.id = :cursor';
      if (cursor !== null) page.andWhere(`(k.created_at, k.id) < (${last})`, { cursor });
      return page.orderBy({ 'k.createdAt': 'DESC', 'k.id': 'DESC' }).limit(limit).getMany();
    });
  }

  /** Peppers, other than these, that keys which are not revoked are stored under. */
  findKidsOutside(kids: readonly string[]): Promise<string[]> {
    const sql =
      'SELECT DISTINCT digest_kid AS kid FROM api_keys WHERE revoked_at IS NULL AND digest_kid <> ALL($1::text[])';
    return this.database.ask(async (manager) =>
      (await manager.query<{ kid: string }[]>(sql, [kids])).map(({ kid }) => kid),
    );
  }
}

function findByDigests(
  manager: EntityManager,
  digests: Buffer[],
): Promise<Pick<KeyEntity, 'id' | 'digest' | 'digestKid'>[]> {
  const where = { digest: In(digests) };
  return manager.find(KeyEntity, { select: { id: true, digest: true, digestKid: true }, where });
}
