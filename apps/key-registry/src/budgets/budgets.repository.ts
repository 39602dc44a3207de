import { Injectable } from '@nestjs/common';
import { MAX_MEMBER_BUDGETS, type MonthlyBudget, type TeamId, type UserId } from '@orgn/contracts';
import { KeysDatabase } from '../keys/keys.database.ts';

interface BudgetRow {
  userId: UserId | '';
  budget: MonthlyBudget;
}

const ROW = `member_id AS "userId", jsonb_build_object('limit', usd, 'isSoft', is_soft) AS budget`;
const LIST = `SELECT ${ROW} FROM monthly_budgets WHERE team_id = $1 ORDER BY member_id LIMIT ${String(MAX_MEMBER_BUDGETS + 1)}`;
const FIND = `SELECT ${ROW} FROM monthly_budgets WHERE team_id = $1 AND member_id = $2`;
const SET = `
  INSERT INTO monthly_budgets (team_id, member_id, usd, is_soft)
  SELECT $1, $2, $3, $4 WHERE $2 = '' OR EXISTS (SELECT FROM monthly_budgets WHERE team_id = $1 AND member_id = $2)
    OR (SELECT count(*) FROM monthly_budgets WHERE team_id = $1 AND member_id <> '') < ${String(MAX_MEMBER_BUDGETS)}
  ON CONFLICT (team_id, member_id) DO UPDATE SET usd = excluded.usd, is_soft = excluded.is_soft, changed_at = statement_timestamp()
  RETURNING 1`;
const LIFT = 'DELETE FROM monthly_budgets WHERE team_id = $1 AND member_id = $2';

const SHOW = `
  INSERT INTO team_standings (team_id, standing, shows_balance, changed_at) VALUES ($1, 'active', $2, statement_timestamp())
  ON CONFLICT (team_id) DO UPDATE SET shows_balance = excluded.shows_balance`;

/** The table monthly_budgets, and who may see balances. Null in the place of a member is the team itself. */
@Injectable()
export class BudgetsRepository {
  constructor(private readonly database: KeysDatabase) {}

  async list(
    teamId: TeamId,
  ): Promise<{ team: MonthlyBudget | null; members: { userId: UserId; budget: MonthlyBudget }[] }> {
    const rows = await this.#ask<BudgetRow>(LIST, [teamId]);
    const members = rows.flatMap(({ userId, budget }) => (userId === '' ? [] : [{ userId, budget }]));
    return { team: rows.find(({ userId }) => userId === '')?.budget ?? null, members };
  }

  async find(teamId: TeamId, memberId: UserId | null): Promise<MonthlyBudget | null> {
    const [row] = await this.#ask<BudgetRow>(FIND, [teamId, memberId ?? '']);
    return row?.budget ?? null;
  }

  /** @returns false where too many members have one already */
  async set(teamId: TeamId, memberId: UserId | null, { limit, isSoft }: MonthlyBudget): Promise<boolean> {
    return (await this.#ask(SET, [teamId, memberId ?? '', limit, isSoft])).length > 0;
  }

  async lift(teamId: TeamId, memberId: UserId | null): Promise<void> {
    await this.#ask(LIFT, [teamId, memberId ?? '']);
  }

  async showBalance(teamId: TeamId, isShown: boolean): Promise<void> {
    await this.#ask(SHOW, [teamId, isShown]);
  }

  #ask<R>(statement: string, values: unknown[]): Promise<R[]> {
    return this.database.ask((manager) => manager.query<R[]>(statement, values));
  }
}
