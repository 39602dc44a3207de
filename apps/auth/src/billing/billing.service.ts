import { Injectable } from '@nestjs/common';
import type { billingRoutes, Burn, ConsoleReplyOf } from '@orgn/console-api';
import {
  listMoney,
  tellBalance,
  tellBurn,
  tellPayments,
  tellStatement,
  type Balance,
  type Statement,
} from '@orgn/contracts';
import { Bus } from '@orgn/service-kit';
import type { ConsoleCall } from '../console/console-call.ts';

/** What a team has and what it paid, for those who may see it. */
@Injectable()
export class BillingService {
  constructor(private readonly bus: Bus) {}

  async overview({
    membership: { teamId },
  }: ConsoleCall<typeof billingRoutes.overview>): Promise<ConsoleReplyOf<typeof billingRoutes.overview>> {
    const [balance, burnt, { terms, payments }] = await Promise.all([
      this.bus.ask(tellBalance, { teamId }),
      this.bus.ask(tellBurn, { teamId }),
      this.bus.ask(tellPayments, { teamId }),
    ]);
    return { balance, burn: { ...burnt, daysLeft: daysLeft(balance, burnt) }, terms, payments };
  }

  balance({
    membership,
  }: ConsoleCall<typeof billingRoutes.balance>): Promise<ConsoleReplyOf<typeof billingRoutes.balance>> {
    return this.bus.ask(tellBalance, { teamId: membership.teamId });
  }

  async ledger({
    membership: { teamId },
    query: { cursor, limit },
  }: ConsoleCall<typeof billingRoutes.ledger>): Promise<ConsoleReplyOf<typeof billingRoutes.ledger>> {
    const { entries, next } = await this.bus.ask(listMoney, { teamId, cursor: cursor ?? null, limit });
    return { data: entries, nextCursor: next };
  }

  statement({ membership, query }: ConsoleCall<typeof billingRoutes.statement>): Promise<Statement> {
    return this.bus.ask(tellStatement, { teamId: membership.teamId, month: query.month });
  }
}

/** By the faster of last week's days and the last day: who has just begun to spend is told in time. Tenths of a day. */
function daysLeft({ availableNanoUsd }: Balance, { dayNanoUsd, weekNanoUsd }: Omit<Burn, 'daysLeft'>): number | null {
  const daily = Math.max(Number(dayNanoUsd), Number(weekNanoUsd) / 7);
  return daily > 0 ? Math.floor((10 * Math.max(0, Number(availableNanoUsd))) / daily) / 10 : null;
}
