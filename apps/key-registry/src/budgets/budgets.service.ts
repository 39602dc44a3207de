import { Injectable } from '@nestjs/common';
import {
  MAX_MEMBER_BUDGETS,
  ServiceError,
  type listBudgets,
  type ReplyOf,
  type RequestOf,
  type setBudget,
  type showBalance,
} from '@orgn/contracts';
import { KeysRepository } from '../keys/keys.repository.ts';
import { BudgetsRepository } from './budgets.repository.ts';

/** What teams and their members may spend in a month. The registry keeps it because tickets say it. */
@Injectable()
export class BudgetsService {
  constructor(
    private readonly budgets: BudgetsRepository,
    private readonly keys: KeysRepository,
  ) {}

  async list({ teamId }: RequestOf<typeof listBudgets>): Promise<ReplyOf<typeof listBudgets>> {
    return { ...(await this.budgets.list(teamId)), keysSeeBalance: await this.keys.seesBalance(teamId) };
  }

  async show({ teamId, isShown }: RequestOf<typeof showBalance>): Promise<ReplyOf<typeof showBalance>> {
    const wasShown = await this.keys.seesBalance(teamId);
    await this.budgets.showBalance(teamId, isShown);
    return { wasShown };
  }

  /** Resolves after the commit. @throws ServiceError `request_conflict` where more members have budgets than can be listed */
  async set({ teamId, memberId, budget }: RequestOf<typeof setBudget>): Promise<ReplyOf<typeof setBudget>> {
    const before = await this.budgets.find(teamId, memberId);
    if (budget === null) await this.budgets.lift(teamId, memberId);
    else if (!(await this.budgets.set(teamId, memberId, budget))) throw new ServiceError('request_conflict', TOO_MANY);
    return { before, after: budget };
  }
}

const TOO_MANY = `No more than ${String(MAX_MEMBER_BUDGETS)} members of a team can have budgets.`;
