import { Injectable } from '@nestjs/common';
import { bookMoney, type creditTeam, type ReplyOf, type RequestOf } from '@orgn/contracts';
import { Bus, currentOperator } from '@orgn/service-kit';
import { AuditLog } from '../audit/audit-log.ts';
import { BY_OPERATOR } from '../audit/by-caller.ts';
import { AuthDatabase } from '../database/auth-database.ts';
import { asTeamNotFound } from '../roster/team-not-found.ts';
import { TeamsRepository } from '../roster/teams.repository.ts';

const actions = { credit: 'balance.credited', refund: 'balance.refunded' } as const;

/** What the operator of the deployment does with teams' balances. */
@Injectable()
export class OperatorsBillingService {
  constructor(
    private readonly database: AuthDatabase,
    private readonly teams: TeamsRepository,
    private readonly bus: Bus,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Books in the ledger, where reason and operator stay with the entry, and writes it into the team's audit log. A repetition
   * under the same key does neither again, and writes down what was booked by somebody who had no time to.
   */
  book(kind: 'credit' | 'refund', request: RequestOf<typeof creditTeam>): Promise<ReplyOf<typeof creditTeam>> {
    const { teamId, amount, reason, idempotencyKey: value } = request;
    return this.database.patientTransaction(async () => {
      await this.teams.lock(teamId).catch(asTeamNotFound);
      const actor = `operator:${currentOperator()?.name ?? 'unnamed'}`;
      const booked = await this.bus.ask(bookMoney, { ...request, kind, actor });
      const { availableNanoUsd } = booked.balance;
      const after = { amountUsd: amount, reason, availableNanoUsd, booking: value };
      const object = { kind: 'team', id: teamId } as const;
      await this.audit.recordOnce(
        { ...BY_OPERATOR, teamId, action: actions[kind], object, after },
        { field: 'booking', value, formerly: { amountUsd: amount, reason } },
      );
      return booked;
    });
  }
}
