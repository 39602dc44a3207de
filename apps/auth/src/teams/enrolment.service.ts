import { Injectable } from '@nestjs/common';
import type { enrolMember, RequestOf } from '@orgn/contracts';
import { AuditLog } from '../audit/audit-log.ts';
import { BY_OPERATOR } from '../audit/by-caller.ts';
import { AuthConfig } from '../config.ts';
import { Roster } from '../roster/roster.ts';
import { KnownPeople } from '../users/known-people.ts';
import { asTeamNotFound } from '../roster/team-not-found.ts';

@Injectable()
export class EnrolmentService {
  constructor(
    private readonly roster: Roster,
    private readonly people: KnownPeople,
    private readonly audit: AuditLog,
    private readonly config: AuthConfig,
  ) {}

  /**
   * Puts somebody into a team by what the identity provider calls them; they need not have signed in yet. A repetition
   * sets the role. @throws ServiceError `team_not_found`
   */
  async enrol({ teamId, sub, email, name, role }: RequestOf<typeof enrolMember>): Promise<Record<string, never>> {
    await this.roster
      .join(teamId, async () => {
        const { id } = await this.people.known({ iss: this.config.OIDC_ISSUER, sub, email, name });
        const before = await this.roster.find(teamId, id);
        if (before?.role === role) return;
        await this.roster.place(teamId, id, role);
        const object = { kind: 'member', id } as const;
        const old = before && { role: before.role };
        const entry = { teamId, action: 'member.enrolled', object, before: old, after: { role } };
        await this.audit.record({ ...BY_OPERATOR, ...entry });
      })
      .catch(asTeamNotFound);
    return {};
  }
}
