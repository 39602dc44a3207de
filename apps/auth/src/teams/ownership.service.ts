import { Injectable } from '@nestjs/common';
import type { TeamDetail, teamRoutes } from '@orgn/console-api';
import { ServiceError } from '@orgn/contracts';
import { AuditLog } from '../audit/audit-log.ts';
import { byCaller } from '../audit/by-caller.ts';
import type { ConsoleCall } from '../console/console-call.ts';
import { Roster } from '../roster/roster.ts';
import { Endings } from './endings.ts';
import { Losses } from './losses.ts';
import { toTeamDetail } from './team-view.ts';

/** What only owners do: hand a team over, or end it. */
@Injectable()
export class OwnershipService {
  constructor(
    private readonly roster: Roster,
    private readonly endings: Endings,
    private readonly losses: Losses,
    private readonly audit: AuditLog,
  ) {}

  /** @throws ServiceError `not_found` when the heir is not in the team, `request_conflict` when it is the caller */
  transfer(call: ConsoleCall<typeof teamRoutes.transfer>): Promise<TeamDetail> {
    const { caller, body } = call;
    if (body.userId === caller.userId) {
      throw new ServiceError('request_conflict', 'You own this team already; name the member who is to own it.');
    }
    return this.roster.change(call, 'team.transfer', async ({ team }) => {
      await this.roster.member(team.id, body.userId);
      await this.roster.handOver(team.id, caller.userId, body.userId);
      await this.audit.record({
        ...byCaller(call),
        teamId: team.id,
        action: 'team.transferred',
        object: { kind: 'team', id: team.id },
        before: { owner: caller.userId },
        after: { owner: body.userId },
      });
      return toTeamDetail(team, 'admin');
    });
  }

  /**
   * Ends a team for good: first its keys at every gateway, then everything else.
   * @throws ServiceError `confirmation_required` naming what would be lost
   */
  async delete(call: ConsoleCall<typeof teamRoutes.delete>): Promise<void> {
    await this.roster.change(call, 'team.delete', async ({ team }) => {
      if (!call.body.confirm) await this.losses.requireNone(team.id);
      await this.endings.end(team, byCaller(call));
    });
  }
}
