import { Injectable } from '@nestjs/common';
import { ServiceError, type Role, type TeamId, type UserId } from '@orgn/contracts';
import { In, IsNull, Not } from 'typeorm';
import { AuthDatabase } from '../database/auth-database.ts';
import { MembershipEntity } from './membership.entity.ts';
import { TeamEntity } from './team.entity.ts';

export type TeamChanges = Partial<Omit<TeamEntity, 'id' | 'createdAt'>>;
/** A team, and the role that somebody has in it since they joined. */
export interface TeamOfUser {
  team: TeamEntity;
  role: Role;
  joinedAt: Date;
}

/** The table teams. Deleted ones are not found, but for what they were called. */
@Injectable()
export class TeamsRepository {
  constructor(private readonly database: AuthDatabase) {}

  find(id: TeamId): Promise<TeamEntity | null> {
    return this.database.query((manager) => manager.findOneBy(TeamEntity, { id, deletedAt: IsNull() }));
  }

  /** Those among them that have ended. */
  async deletedAmong(ids: readonly TeamId[]): Promise<TeamId[]> {
    const where = { id: In([...ids]), deletedAt: Not(IsNull()) };
    const teams = await this.database.query((manager) => manager.find(TeamEntity, { where, select: { id: true } }));
    return teams.map(({ id }) => id);
  }

  /**
   * Keeps everybody else from changing the team or who is in it until the transaction ends.
   * @throws ServiceError `not_found`
   */
  async lock(id: TeamId): Promise<TeamEntity> {
    const team = await this.database.query((manager) =>
      manager
        .createQueryBuilder(TeamEntity, 'team')
        .where({ id, deletedAt: IsNull() })
        .setLock('pessimistic_write')
        .getOne(),
    );
    if (team) return team;
    throw new ServiceError('not_found', 'There is no such team, or you are not in it.');
  }

  insert(team: Pick<TeamEntity, 'id' | 'name'>): Promise<TeamEntity> {
    return this.database.query(async (manager) => {
      await manager.insert(TeamEntity, team);
      return manager.findOneByOrFail(TeamEntity, { id: team.id });
    });
  }

  /** Inserts the team unless its id is taken. @returns whether it did */
  async insertOnce(team: Pick<TeamEntity, 'id' | 'name'>): Promise<boolean> {
    const result = await this.database.query((manager) =>
      manager.createQueryBuilder().insert().into(TeamEntity).values(team).orIgnore().returning('id').execute(),
    );
    return (result.raw as unknown[]).length > 0;
  }

  async update(id: TeamId, changes: TeamChanges): Promise<void> {
    if (Object.keys(changes).length === 0) return;
    await this.database.query((manager) => manager.update(TeamEntity, { id }, changes));
  }

  /** Teams that somebody is in, in the order of their ids, one more than `limit` when there are more. */
  async listOfUser(userId: UserId, options: { cursor?: TeamId | undefined; limit: number }): Promise<TeamOfUser[]> {
    const query = (await this.database.query(async (manager) => {
      const rows = manager
        .createQueryBuilder(TeamEntity, 'team')
        .innerJoinAndMapOne('team.membership', MembershipEntity, 'membership', 'membership.teamId = team.id')
        .where('membership.userId = :userId AND team.deletedAt IS NULL', { userId })
        .orderBy('team.id')
        .limit(options.limit + 1);
      if (options.cursor) rows.andWhere('team.id > :cursor', { cursor: options.cursor });
      return rows.getMany();
    })) as (TeamEntity & { membership: MembershipEntity })[];
    return query.map((team) => ({ team, role: team.membership.role, joinedAt: team.membership.joinedAt }));
  }

  /** What teams are called, deleted ones too. */
  async namesOf(ids: readonly TeamId[]): Promise<ReadonlyMap<string, string>> {
    if (ids.length === 0) return new Map();
    const teams = await this.database.query((manager) =>
      manager.find(TeamEntity, { select: { id: true, name: true }, where: { id: In(ids) } }),
    );
    return new Map(teams.map(({ id, name }) => [id, name]));
  }

  /** All teams, newest first, one more than `limit` when there are more. */
  list({ cursor, limit }: { cursor: TeamId | null; limit: number }): Promise<TeamEntity[]> {
    return this.database.query((manager) => {
      const query = manager
        .createQueryBuilder(TeamEntity, 'team')
        .where({ deletedAt: IsNull() })
        .orderBy('team.createdAt', 'DESC')
        .addOrderBy('team.id', 'DESC')
        .limit(limit + 1);
      const isOlder =
        '(team.created_at, team.id) < (SELECT last.created_at, last.id FROM teams last WHERE last.id = :cursor)';
      return (cursor ? query.andWhere(isOlder, { cursor }) : query).getMany();
    });
  }
}
