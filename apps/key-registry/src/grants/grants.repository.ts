import { Injectable } from '@nestjs/common';
import type {
  ExecutionPolicy,
  issueGrant,
  KeyId,
  MonthlyBudget,
  RequestId,
  RequestOf,
  TeamId,
  TeamStanding,
  UserId,
} from '@orgn/contracts';
import { newKeyId } from '../keys/key-id.ts';
import { NOW } from '../keys/key.entity.ts';
import { KeysDatabase } from '../keys/keys.database.ts';
import { executionPolicySql } from '../keys/execution-policy.sql.ts';
import { monthlyBudgetSql } from '../keys/monthly-budget.sql.ts';

/** An answer streams at most so long. */
const LIFETIME = `interval '1 hour'`;

/** A grant as it is at this moment, by the database's time. */
export interface GrantJudgement {
  id: KeyId;
  teamId: TeamId;
  ownerId: UserId;
  executionPolicy: ExecutionPolicy;
  /** The key that it stands for; null: none. */
  asKey: KeyId | null;
  teeDemands: string | null;
  teamBudget: MonthlyBudget | null;
  memberBudget: MonthlyBudget | null;
  isEnded: boolean;
  isExpired: boolean;
  standing: TeamStanding;
  judgedAt: Date;
}

const ISSUE = `
  INSERT INTO grants (id, digest, request_id, session_id, team_id, owner_id, execution_policy, as_key, expires_at)
  SELECT $1, $2, $3, $4, $5, $6, $7, $8, ${NOW} + ${LIFETIME}
  WHERE NOT EXISTS (SELECT FROM team_standings WHERE team_id = $5 AND standing <> 'active')
  ON CONFLICT DO NOTHING RETURNING id`;

const JUDGE = `
  SELECT g.id, g.team_id AS "teamId", g.owner_id AS "ownerId", ${executionPolicySql('g')} AS "executionPolicy", g.as_key AS "asKey",
    t.tee_demands AS "teeDemands",
    ${monthlyBudgetSql('g.team_id', `''`)} AS "teamBudget", ${monthlyBudgetSql('g.team_id', 'g.owner_id')} AS "memberBudget",
    g.ended_at IS NOT NULL AS "isEnded", g.expires_at <= ${NOW} AS "isExpired",
    COALESCE(t.standing, 'active') AS standing, ${NOW} AS "judgedAt"
  FROM grants g LEFT JOIN team_standings t ON t.team_id = g.team_id
  WHERE g.digest = $1 AND g.request_id = $2`;

const END = `
  UPDATE grants SET ended_at = ${NOW}
  WHERE ended_at IS NULL AND (session_id = ANY ($1::text[]) OR request_id = ANY ($2::uuid[])) RETURNING id, CASE WHEN session_id = ANY ($1::text[]) THEN as_key END AS "cutKey"`;

/** The table grants. */
@Injectable()
export class GrantsRepository {
  constructor(private readonly database: KeysDatabase) {}

  /** @returns false where the team may not use anything, or the request has a grant already */
  async issue(grant: RequestOf<typeof issueGrant>): Promise<boolean> {
    const { digest, requestId, sessionId, teamId, ownerId, executionPolicy, asKey } = grant;
    const secret = Buffer.from(digest, 'base64url');
    const values = [newKeyId(), secret, requestId, sessionId, teamId, ownerId, executionPolicy, asKey];
    return (await this.database.ask((manager) => manager.query<unknown[]>(ISSUE, values))).length > 0;
  }

  /** The grant of this digest, if it is one for this request. */
  async judge(digest: string, requestId: RequestId): Promise<GrantJudgement | undefined> {
    const values = [Buffer.from(digest, 'base64url'), requestId];
    const [grant] = await this.database.ask((manager) => manager.query<GrantJudgement[]>(JUDGE, values));
    return grant;
  }

  /**
   * @returns what those that had not ended yet run under: the grant, or the key that it stands for where its session has ended. One
   * request that was answered is no news for all that run under its key.
   */
  async end(sessionIds: readonly string[], requestIds: readonly RequestId[]): Promise<KeyId[]> {
    const [ended] = await this.database.ask((manager) =>
      manager.query<[{ id: KeyId; cutKey: KeyId | null }[], number]>(END, [sessionIds, requestIds]),
    );
    return ended.map(({ id, cutKey }) => cutKey ?? id);
  }

  /** Drops what expired a day ago. */
  async sweep(): Promise<void> {
    await this.database.ask((manager) =>
      manager.query(`DELETE FROM grants WHERE expires_at < ${NOW} - interval '1 day'`),
    );
  }
}
