import { Injectable } from '@nestjs/common';
import type { TeamDetail, teamRoutes } from '@orgn/console-api';
import { ServiceError, type KeyView } from '@orgn/contracts';
import { AuditLog } from '../audit/audit-log.ts';
import { byCaller } from '../audit/by-caller.ts';
import type { ConsoleCall } from '../console/console-call.ts';
import { TeamKeys } from '../team-keys/team-keys.ts';
import { Roster } from '../roster/roster.ts';
import { Endings } from './endings.ts';
import { toTeamDetail } from './team-view.ts';

/** Names of keys that a refusal shows at most. */
const SHOWN_KEYS = 10;

/** What only owners do: hand a team over, or end it. */
@Injectable()
export class OwnershipService {
  constructor(
    private readonly roster: Roster,
    private readonly endings: Endings,
    private readonly teamKeys: TeamKeys,
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
      const keys = await this.teamKeys.living(team.id);
      if (!call.body.confirm && keys.length > 0) throw wouldLose(keys);
      await this.endings.end(team, byCaller(call));
    });
  }
}

function wouldLose(keys: readonly KeyView[]): ServiceError {
  const names = keys.slice(0, SHOWN_KEYS).map(({ name }) => name);
  const rest = keys.length > names.length ? ` and ${keys.length - names.length} more` : '';
  return new ServiceError(
    'confirmation_required',
    `These keys would stop working for good: ${names.join(', ')}${rest}. Send "confirm": true to delete the team all the same.`,
    { param: 'confirm' },
  );
}
