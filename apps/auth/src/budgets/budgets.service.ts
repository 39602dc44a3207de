import { Injectable } from '@nestjs/common';
import { mayDo, type budgetRoutes, type ConsoleReplyOf, type MonthlyStanding } from '@orgn/console-api';
import {
  listBudgets,
  ServiceError,
  setBudget,
  showBalance,
  tellMonth,
  type MonthlyBudget,
  type ReplyOf,
  type TeamId,
  type UserId,
} from '@orgn/contracts';
import { Bus } from '@orgn/service-kit';
import { AuditLog, type AuditEntry } from '../audit/audit-log.ts';
import { byCaller } from '../audit/by-caller.ts';
import type { ConsoleCall } from '../console/console-call.ts';
import { Roster } from '../roster/roster.ts';
import { People } from '../users/people.ts';

type Spend = Pick<MonthlyStanding, 'spentNanoUsd' | 'heldNanoUsd'>;
type Month = ReplyOf<typeof tellMonth>;

/** What a team and its members may spend in a month. The registry keeps it, metering knows how it stands. */
@Injectable()
export class BudgetsService {
  constructor(
    private readonly bus: Bus,
    private readonly roster: Roster,
    private readonly people: People,
    private readonly audit: AuditLog,
  ) {}

  async list(call: ConsoleCall<typeof budgetRoutes.list>): Promise<ConsoleReplyOf<typeof budgetRoutes.list>> {
    const { membership, caller } = call;
    const { teamId } = membership;
    const maySeeAll = mayDo(membership.role, 'usage.read', false);
    const budgets = await this.bus.ask(listBudgets, { teamId });
    const byMember = new Map<UserId, MonthlyBudget | null>([[caller.userId, null]]);
    for (const { userId, budget } of budgets.members)
      if (maySeeAll || userId === caller.userId) byMember.set(userId, budget);
    const people = await this.people.byId(byMember.keys());
    // Somebody who is not known here any more has nothing to be shown by.
    const shown = [...byMember].flatMap(([id, budget]) => {
      const member = people.get(id);
      return member ? [{ member, budget }] : [];
    });
    const month = await this.#monthOf(
      teamId,
      shown.map(({ member }) => member.id),
    );
    return {
      team: maySeeAll ? toStanding(budgets.team, month.team) : null,
      members: shown.map(({ member, budget }) => ({ ...toStanding(budget, spendOf(month, member.id)), member })),
      resetsAt: month.resetsAt,
      keysSeeBalance: budgets.keysSeeBalance,
    };
  }

  /** @throws ServiceError `not_permitted` to whoever no longer owns the team */
  async setTeam(call: ConsoleCall<typeof budgetRoutes.setTeam>): Promise<MonthlyStanding> {
    const { teamId } = call.membership;
    const object = { kind: 'team', id: teamId } as const;
    const after = await this.roster.change(call, 'billing.update', () =>
      this.#set(call, null, { action: 'team.budget_set', object }),
    );
    return toStanding(after, (await this.#monthOf(teamId, [])).team);
  }

  /** @throws ServiceError `not_found` for somebody who is not in the team */
  async setMember(
    call: ConsoleCall<typeof budgetRoutes.setMember>,
  ): Promise<ConsoleReplyOf<typeof budgetRoutes.setMember>> {
    const { teamId } = call.membership;
    const { userId } = call.params;
    const object = { kind: 'member', id: userId } as const;
    const after = await this.roster.change(call, 'members.update', async ({ team }) => {
      await this.roster.member(team.id, userId);
      return this.#set(call, userId, { action: 'member.budget_set', object });
    });
    const member = (await this.people.byId([userId])).get(userId);
    if (!member) throw new ServiceError('not_found', 'There is no such member in this team.');
    return { ...toStanding(after, spendOf(await this.#monthOf(teamId, [userId]), userId)), member };
  }

  /** @throws ServiceError `not_permitted` to whoever no longer owns the team */
  async showBalance(
    call: ConsoleCall<typeof budgetRoutes.showBalance>,
  ): Promise<ConsoleReplyOf<typeof budgetRoutes.showBalance>> {
    const { keysSeeBalance } = call.body;
    const { teamId } = call.membership;
    await this.roster.change(call, 'billing.update', async () => {
      const { wasShown } = await this.bus.ask(showBalance, { teamId, isShown: keysSeeBalance });
      if (wasShown === keysSeeBalance) return;
      const said = { before: { keysSeeBalance: wasShown }, after: { keysSeeBalance } };
      const object = { kind: 'team', id: teamId } as const;
      await this.audit.record({ ...byCaller(call), teamId, action: 'team.balance_shown', object, ...said });
    });
    return { keysSeeBalance };
  }

  async #set(
    call: ConsoleCall<typeof budgetRoutes.setTeam>,
    memberId: UserId | null,
    entry: Pick<AuditEntry, 'action' | 'object'>,
  ): Promise<MonthlyBudget | null> {
    const { teamId } = call.membership;
    const { before, after } = await this.bus.ask(setBudget, { teamId, memberId, budget: call.body.budget });
    if (before?.limit === after?.limit && before?.isSoft === after?.isSoft) return after;
    const said = { before: { monthlyBudget: before }, after: { monthlyBudget: after } };
    await this.audit.record({ ...byCaller(call), teamId, ...entry, ...said });
    return after;
  }

  #monthOf(teamId: TeamId, memberIds: UserId[]): Promise<Month> {
    return this.bus.ask(tellMonth, { teamId, memberIds });
  }
}

const nothing: Spend = { spentNanoUsd: '0', heldNanoUsd: '0' };

function spendOf({ members }: Month, id: UserId): Spend {
  return members.find(({ userId }) => userId === id) ?? nothing;
}

function toStanding(budget: MonthlyBudget | null, { spentNanoUsd, heldNanoUsd }: Spend): MonthlyStanding {
  return { limit: budget?.limit ?? null, isSoft: budget?.isSoft ?? false, spentNanoUsd, heldNanoUsd };
}
