import { Injectable } from '@nestjs/common';
import { ServiceError, type invitePerson, type ReplyOf, type RequestOf } from '@orgn/contracts';
import { AuditLog } from '../audit/audit-log.ts';
import { BY_OPERATOR } from '../audit/by-caller.ts';
import { AuthConfig } from '../config.ts';
import { AuthDatabase } from '../database/auth-database.ts';
import { Roster } from '../roster/roster.ts';
import { TeamsRepository } from '../roster/teams.repository.ts';
import { newInvitationToken, toInvitationLink, toTokenDigest } from './invitation-token.ts';
import { InvitationsRepository } from './invitations.repository.ts';

type Request = RequestOf<typeof invitePerson>;

/** What an invitation of the operator touches. */
@Injectable()
export class Rosters {
  constructor(
    readonly roster: Roster,
    readonly teams: TeamsRepository,
    readonly invitations: InvitationsRepository,
  ) {}
}

/** Whom the operator of the deployment invites: the first owner of it, for one. */
@Injectable()
export class OperatorsInvitationsService {
  constructor(
    private readonly database: AuthDatabase,
    private readonly rosters: Rosters,
    private readonly audit: AuditLog,
    private readonly config: AuthConfig,
  ) {}

  /**
   * Makes the team if it has to be, and an invitation in the place of any that this address has there. The link is answered
   * and kept nowhere. @throws ServiceError `invalid_request` for a team that was deleted
   */
  invite(request: Request): Promise<ReplyOf<typeof invitePerson>> {
    const token = newInvitationToken();
    return this.database.transaction(async () => {
      const isNewTeam = await this.#makeTeam(request);
      const invitation = await this.#invite(request, toTokenDigest(token));
      const { id, teamId, email, role } = invitation;
      const link = toInvitationLink(this.config.CONSOLE_URL, token);
      return { id, teamId, isNewTeam, email, role, expiresAt: invitation.expiresAt.toISOString(), link };
    });
  }

  async #makeTeam({ teamId: id, teamName }: Request): Promise<boolean> {
    const name = teamName ?? id;
    if (!(await this.rosters.teams.insertOnce({ id, name }))) return false;
    const object = { kind: 'team', id } as const;
    await this.audit.record({ ...BY_OPERATOR, teamId: id, action: 'team.created', object, after: { name } });
    return true;
  }

  async #invite({ teamId, email, role }: Request, tokenDigest: Buffer) {
    const { roster, invitations } = this.rosters;
    const invitation = await roster
      .join(teamId, async () => {
        await invitations.endOf(teamId, email);
        return invitations.insert({ teamId, email, role, invitedBy: null, tokenDigest });
      })
      .catch(asInvalid);
    if (!invitation) throw new Error('an invitation was made at the same time');
    const object = { kind: 'invitation', id: invitation.id } as const;
    await this.audit.record({ ...BY_OPERATOR, teamId, action: 'invitation.created', object, after: { email, role } });
    return invitation;
  }
}

function asInvalid(error: unknown): never {
  if (!(error instanceof ServiceError) || error.code !== 'not_found') throw error;
  throw new ServiceError('invalid_request', 'A team with this id was deleted; choose another id.', { param: 'teamId' });
}
