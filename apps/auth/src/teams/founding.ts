import { Injectable } from '@nestjs/common';
import type { UserId } from '@orgn/contracts';
import { AuditLog, type AuditEntry } from '../audit/audit-log.ts';
import { AuthDatabase } from '../database/auth-database.ts';
import { MembersRepository } from '../roster/members.repository.ts';
import { newTeamId } from './team-id.ts';
import type { TeamEntity } from '../roster/team.entity.ts';
import { TeamsRepository } from '../roster/teams.repository.ts';

/** How a team with an owner begins. */
@Injectable()
export class Founding {
  constructor(
    private readonly database: AuthDatabase,
    private readonly teams: TeamsRepository,
    private readonly members: MembersRepository,
    private readonly audit: AuditLog,
  ) {}

  /** Makes a team that somebody owns. */
  found(owner: UserId, name: string, by: Pick<AuditEntry, 'actor' | 'client'>): Promise<TeamEntity> {
    return this.database.transaction(async () => {
      const team = await this.teams.insert({ id: newTeamId(), name });
      await this.members.add(team.id, owner, 'owner');
      await this.audit.record({
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
