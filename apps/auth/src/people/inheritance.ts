import { Injectable } from '@nestjs/common';
import type { Role } from '@orgn/contracts';
import { AuditLog } from '../audit/audit-log.ts';
import { BY_OPERATOR } from '../audit/by-caller.ts';
import { AuthDatabase } from '../database/auth-database.ts';
import { InvitationEntity } from '../invitations/invitation.entity.ts';
import { MembershipEntity } from '../roster/membership.entity.ts';
import { Roster } from '../roster/roster.ts';
import { SessionEntity } from '../sessions/session.entity.ts';
import { TeamKeys } from '../team-keys/team-keys.ts';
import type { UserEntity } from '../users/user.entity.ts';

const RANKS: readonly Role[] = ['viewer', 'member', 'admin', 'owner'];

/** What one person has in this deployment, and passes to another. */
@Injectable()
export class Inheritance {
  constructor(
    private readonly database: AuthDatabase,
    private readonly roster: Roster,
    private readonly teamKeys: TeamKeys,
    private readonly audit: AuditLog,
  ) {}

  /** Passes places in teams, keys and sent invitations on; where both are in a team, the higher role stays. */
  async pass(from: UserEntity, to: UserEntity): Promise<void> {
    const places = await this.database.query((manager) =>
      manager.find(MembershipEntity, { where: { userId: from.id }, order: { teamId: 'ASC' } }),
    );
    for (const place of places) await this.roster.join(place.teamId, () => this.#passPlace(place, to));
    await this.database.query((manager) =>
      manager.update(InvitationEntity, { invitedBy: from.id }, { invitedBy: to.id }),
    );
  }

  async endSessions({ id }: UserEntity): Promise<void> {
    await this.database.query((manager) => manager.delete(SessionEntity, { userId: id }));
  }

  async #passPlace({ teamId, userId, role }: MembershipEntity, { id }: UserEntity): Promise<void> {
    const own = await this.roster.find(teamId, id);
    const higher = own && RANKS.indexOf(own.role) > RANKS.indexOf(role) ? own.role : role;
    await this.roster.place(teamId, id, higher);
    await this.teamKeys.settle({ teamId, ownerId: userId, choice: 'adopt', adoptBy: id });
    await this.database.query((manager) => manager.delete(MembershipEntity, { teamId, userId }));
    await this.audit.record({
      ...BY_OPERATOR,
      teamId,
      action: 'member.moved',
      object: { kind: 'member', id },
      before: { member: userId, role },
      after: { member: id, role: higher },
    });
  }
}
