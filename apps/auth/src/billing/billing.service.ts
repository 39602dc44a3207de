import { Injectable } from '@nestjs/common';
import type { billingRoutes, ConsoleReplyOf } from '@orgn/console-api';
import { tellBalance, tellStatement } from '@orgn/contracts';
import { Bus } from '@orgn/service-kit';
import type { ConsoleCall } from '../console/console-call.ts';

/** What a team has and what it paid, for those who may see it. */
@Injectable()
export class BillingService {
  constructor(private readonly bus: Bus) {}

  balance({
    membership,
  }: ConsoleCall<typeof billingRoutes.balance>): Promise<ConsoleReplyOf<typeof billingRoutes.balance>> {
    return this.bus.ask(tellBalance, { teamId: membership.teamId });
  }

  statement({
    membership,
    query,
  }: ConsoleCall<typeof billingRoutes.statement>): Promise<ConsoleReplyOf<typeof billingRoutes.statement>> {
    return this.bus.ask(tellStatement, { teamId: membership.teamId, month: query.month });
  }
}
