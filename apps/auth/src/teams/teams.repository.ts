import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { ServiceError, type TeamId } from '@orgn/contracts';
import { ServiceLog } from '@orgn/service-kit';
import type { Repository } from 'typeorm';
import { TeamEntity } from './team.entity.ts';

export type TeamRecord = Pick<TeamEntity, 'id' | 'name' | 'createdAt'>;

/** The table teams. Every failure of the database leaves as `service_unavailable`. */
@Injectable()
export class TeamsRepository {
  constructor(
    @InjectRepository(TeamEntity) private readonly teams: Repository<TeamEntity>,
    private readonly log: ServiceLog,
  ) {}

  find(id: TeamId): Promise<TeamRecord | null> {
    return this.#run(() => this.teams.findOneBy({ id }));
  }

  /** Inserts the team unless its id is taken; answers the team that has the id then. */
  insertOnce(team: Pick<TeamEntity, 'id' | 'name'>): Promise<TeamRecord> {
    return this.#run(async () => {
      await this.teams.createQueryBuilder().insert().values(team).orIgnore().execute();
      return this.teams.findOneByOrFail({ id: team.id });
    });
  }

  async #run<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      this.log.error('database failed', cause);
      throw new ServiceError('service_unavailable', 'Teams cannot be read or written right now; try again shortly.', {
        cause,
      });
    }
  }
}
