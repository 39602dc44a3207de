import { Injectable } from '@nestjs/common';
import type { Role, TeamId, UserId } from '@orgn/contracts';
import { AuthDatabase } from '../database/auth-database.ts';
import type { UserEntity } from '../users/user.entity.ts';
import { MembershipEntity } from './membership.entity.ts';

/** A membership with the person in it. */
export type MemberRecord = MembershipEntity & { user: UserEntity };
type Locking = 'none' | 'keep' | 'change';

const LOCKS = { keep: 'pessimistic_read', change: 'pessimistic_write' } as const;

/** The table memberships. */
@Injectable()
export class MembersRepository {
  constructor(private readonly database: AuthDatabase) {}

  /**
   * Somebody's membership in a team that was not deleted.
   * @param locking `keep`: it cannot end or change before the transaction does; `change`: nobody else can rely on it
   *   until then
   */
  async find(teamId: TeamId, userId: UserId, locking: Locking = 'none'): Promise<MemberRecord | null> {
    const membership = await this.database.query((manager) => {
      const query = manager
        .createQueryBuilder(MembershipEntity, 'membership')
        .innerJoinAndSelect('membership.user', 'user')
        .where({ teamId, userId })
        .andWhere('EXISTS (SELECT FROM teams WHERE teams.id = membership.team_id AND teams.deleted_at IS NULL)');
      return (locking === 'none' ? query : query.setLock(LOCKS[locking], undefined, ['membership'])).getOne();
    });
    return membership as MemberRecord | null;
  }

  /** Members in the order in which they first came to this deployment, one more than `limit` when there are more. */
  async list(teamId: TeamId, options: { cursor?: UserId | undefined; limit: number }): Promise<MemberRecord[]> {
    const members = await this.database.query((manager) => {
      const query = manager
        .createQueryBuilder(MembershipEntity, 'membership')
        .innerJoinAndSelect('membership.user', 'user')
        .where({ teamId })
        .orderBy('membership.userId')
        .limit(options.limit + 1);
      if (options.cursor) query.andWhere('membership.userId > :cursor', { cursor: options.cursor });
      return query.getMany();
    });
    return members as MemberRecord[];
  }

  async owners(teamId: TeamId): Promise<MemberRecord[]> {
    const owners = await this.database.query((manager) =>
      manager.find(MembershipEntity, { where: { teamId, role: 'owner' }, relations: { user: true } }),
    );
    return owners as MemberRecord[];
  }

  /** Whether somebody with this address, in any case, is in the team. */
  hasAddress(teamId: TeamId, email: string): Promise<boolean> {
    return this.database.query((manager) =>
      manager
        .createQueryBuilder(MembershipEntity, 'membership')
        .innerJoin('membership.user', 'user')
        .where({ teamId })
        .andWhere('lower(user.email) = lower(:email)', { email })
        .getExists(),
    );
  }

  /** Puts somebody into a team. @returns false when they are in it already, which changes nothing */
  async add(teamId: TeamId, userId: UserId, role: Role): Promise<boolean> {
    const result = await this.database.query((manager) =>
      manager
        .createQueryBuilder()
        .insert()
        .into(MembershipEntity)
        .values({ teamId, userId, role })
        .orIgnore()
        .returning('user_id')
        .execute(),
    );
    return (result.raw as unknown[]).length > 0;
  }

  async setRole(teamId: TeamId, userId: UserId, role: Role): Promise<void> {
    await this.database.query((manager) => manager.update(MembershipEntity, { teamId, userId }, { role }));
  }

  async remove(teamId: TeamId, userId: UserId): Promise<void> {
    await this.database.query((manager) => manager.delete(MembershipEntity, { teamId, userId }));
  }
}
