import { Injectable } from '@nestjs/common';
import type { TeamId } from '@orgn/contracts';
import { AuthDatabase } from '../database/auth-database.ts';
import { InvitationEntity } from '../invitations/invitation.entity.ts';
import { MembershipEntity } from '../roster/membership.entity.ts';
import { TeamEntity } from '../roster/team.entity.ts';

/** How a team ends. */
@Injectable()
export class Burial {
  constructor(private readonly database: AuthDatabase) {}

  /** Takes everybody and every invitation out of the team and keeps nothing but its row. */
  async bury(id: TeamId): Promise<void> {
    await this.database.query(async (manager) => {
      await manager.delete(InvitationEntity, { teamId: id });
      await manager.delete(MembershipEntity, { teamId: id });
      await manager.update(TeamEntity, { id }, { deletedAt: () => 'now()' });
    });
  }
}
