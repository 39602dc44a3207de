import { Injectable } from '@nestjs/common';
import type { UserId } from '@orgn/contracts';
import { AuditLog, type AuditEntry } from '../audit/audit-log.ts';
import { AuthDatabase } from '../database/auth-database.ts';
import { MembersRepository } from '../roster/members.repository.ts';
import { DailyLimits } from '../permissions/daily-limits.ts';
import { newTeamId } from './team-id.ts';
import type { TeamEntity } from '../roster/team.entity.ts';
import { TeamsRepository } from '../roster/teams.repository.ts';

/** What is written down of a founding. */
@Injectable()
export class FoundingRecords {
  constructor(
    readonly members: MembersRepository,
    readonly audit: AuditLog,
  ) {}
}

/** How a team with an owner begins. */
@Injectable()
export class Founding {
  constructor(
    private readonly database: AuthDatabase,
    private readonly teams: TeamsRepository,
    private readonly records: FoundingRecords,
    private readonly limits: DailyLimits,
  ) {}

  /** Makes a team that somebody asks for, if they have not made many today. @throws TooOften */
  foundAnother(owner: UserId, name: string, by: Pick<AuditEntry, 'actor' | 'client'>): Promise<TeamEntity> {
    return this.database.transaction(async () => {
      const team = await this.found(owner, name, by);
      await this.limits.countTeam(owner);
      return team;
    });
  }

  /** Makes a team that somebody owns. */
  found(owner: UserId, name: string, by: Pick<AuditEntry, 'actor' | 'client'>): Promise<TeamEntity> {
    return this.database.transaction(async () => {
      const team = await this.teams.insert({ id: newTeamId(), name });
      await this.records.members.add(team.id, owner, 'owner');
      await this.records.audit.record({
        ...by,
        teamId: team.id,
        action: 'team.created',
        object: { kind: 'team', id: team.id },
        after: { name, owner },
      });
      return team;
    });
  }
}
