import { Injectable } from '@nestjs/common';
import type { ConsoleReplyOf, TeamDetail, teamRoutes } from '@orgn/console-api';
import { ServiceError } from '@orgn/contracts';
import { AuditLog } from '../audit/audit-log.ts';
import { byCaller } from '../audit/by-caller.ts';
import { changedFields } from '../audit/changed-fields.ts';
import type { ConsoleCall } from '../console/console-call.ts';
import { toPage } from '../console/to-page.ts';
import { Roster } from '../roster/roster.ts';
import { Founding } from './founding.ts';
import { settingsOf, toTeamDetail, toTeamSummary } from './team-view.ts';
import { TeamsRepository } from '../roster/teams.repository.ts';

@Injectable()
export class TeamsService {
  constructor(
    private readonly teams: TeamsRepository,
    private readonly founding: Founding,
    private readonly roster: Roster,
    private readonly audit: AuditLog,
  ) {}

  async list({ caller, query }: ConsoleCall<typeof teamRoutes.list>): Promise<ConsoleReplyOf<typeof teamRoutes.list>> {
    const { cursor, limit } = query;
    const rows = await this.teams.listOfUser(caller.userId, { cursor, limit });
    return toPage(rows, limit, {
      view: ({ team, role }) => toTeamSummary(team, role),
      cursorOf: ({ team }) => team.id,
    });
  }

  /** @throws ServiceError `rate_limit_exceeded` for somebody who makes many a day */
  async create(call: ConsoleCall<typeof teamRoutes.create>): Promise<TeamDetail> {
    const team = await this.founding.foundAnother(call.caller.userId, call.body.name, byCaller(call));
    return toTeamDetail(team, 'owner');
  }

  async get({ membership }: ConsoleCall<typeof teamRoutes.get>): Promise<TeamDetail> {
    const team = await this.teams.find(membership.teamId);
    if (!team) throw new ServiceError('not_found', 'There is no such team, or you are not in it.');
    return toTeamDetail(team, membership.role);
  }

  update(call: ConsoleCall<typeof teamRoutes.update>): Promise<TeamDetail> {
    const { name, settings } = call.body;
    return this.roster.change(call, 'team.update', async ({ team, role }) => {
      const old = { name: team.name, ...settingsOf(team) };
      const { before, after } = changedFields(old, { ...old, ...(name !== undefined && { name }), ...settings });
      await this.teams.update(team.id, after);
      if (Object.keys(after).length > 0) {
        const object = { kind: 'team', id: team.id } as const;
        await this.audit.record({ ...byCaller(call), teamId: team.id, action: 'team.updated', object, before, after });
      }
      return toTeamDetail(Object.assign(team, after), role);
    });
  }
}
