import { Injectable } from '@nestjs/common';
import type { PersonalEntry, UserId } from '@orgn/contracts';
import { AuditEntryEntity } from '../audit/audit-entry.entity.ts';
import { AuthDatabase } from '../database/auth-database.ts';
import { InvitationEntity } from '../invitations/invitation.entity.ts';
import { MembershipEntity } from '../roster/membership.entity.ts';
import { TeamEntity } from '../roster/team.entity.ts';
import { SessionEntity } from '../sessions/session.entity.ts';
import { UserEntity } from '../users/user.entity.ts';

/** Somebody's place in a team that is there. */
export interface Place {
  membership: MembershipEntity;
  team: TeamEntity;
}

/** Whatever the tables hold of one person. */
@Injectable()
export class AccountsRepository {
  constructor(private readonly database: AuthDatabase) {}

  /** @param isHeld nobody else can do anything to the person until the transaction ends */
  find(id: UserId, isHeld = false): Promise<UserEntity | null> {
    const lock = isHeld ? ({ lock: { mode: 'pessimistic_write' } } as const) : {};
    return this.database.query((manager) => manager.findOne(UserEntity, { where: { id }, ...lock }));
  }

  sessions(userId: UserId): Promise<SessionEntity[]> {
    return this.database.query((manager) => manager.find(SessionEntity, { where: { userId }, order: { id: 'ASC' } }));
  }

  invitations(invitedBy: UserId): Promise<InvitationEntity[]> {
    return this.database.query((manager) =>
      manager.find(InvitationEntity, { where: { invitedBy }, order: { id: 'ASC' } }),
    );
  }

  /** In the order of the teams' ids, so that whoever locks several does so in one order. */
  places(userId: UserId): Promise<Place[]> {
    return this.database.query(async (manager) => {
      const memberships = await manager.find(MembershipEntity, { where: { userId }, order: { teamId: 'ASC' } });
      const teams = await Promise.all(memberships.map(({ teamId }) => manager.findOneBy(TeamEntity, { id: teamId })));
      return memberships.flatMap((membership, at) => {
        const team = teams[at];
        return team?.deletedAt === null ? [{ membership, team }] : [];
      });
    });
  }

  /** Entries on what somebody did or what was done to them, newest first, one more than `limit` when there are more. */
  async entries(id: UserId, { cursor, limit }: { cursor: string | null; limit: number }): Promise<PersonalEntry[]> {
    const rows = await this.database.query((manager) => {
      const query = manager
        .createQueryBuilder(AuditEntryEntity, 'entry')
        .where('(entry.actorId = :id OR entry.objectId = :id)', { id })
        .orderBy('entry.id', 'DESC')
        .limit(limit + 1);
      return (cursor ? query.andWhere('entry.id < :cursor', { cursor }) : query).getMany();
    });
    return rows.map(({ id: entry, at, teamId, action, objectKind, objectId, before, after, client, names }) => ({
      id: entry,
      at: at.toISOString(),
      teamId,
      action,
      object: { kind: objectKind, id: objectId },
      before: before && { ...before, ...names?.before },
      after: after && { ...after, ...names?.after },
      client,
    }));
  }

  /** Takes what names the person out of everything; see the migration. */
  async forget(id: UserId): Promise<void> {
    await this.database.query((manager) => manager.query('SELECT forget_person($1)', [id]));
  }
}
