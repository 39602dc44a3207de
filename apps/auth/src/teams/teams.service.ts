import { Injectable } from '@nestjs/common';
import { ServiceError, type createTeam, type ReplyOf, type RequestOf, type TeamId } from '@orgn/contracts';
import { TeamsRepository } from './teams.repository.ts';

@Injectable()
export class TeamsService {
  constructor(private readonly teams: TeamsRepository) {}

  /** Makes a team; a repetition answers the team as it is, whatever name the repetition carries. */
  async create(request: RequestOf<typeof createTeam>): Promise<ReplyOf<typeof createTeam>> {
    const { id, name, createdAt } = await this.teams.insertOnce(request);
    return { id, name, createdAt: createdAt.toISOString() };
  }

  /** @throws ServiceError `team_not_found` */
  async require(id: TeamId): Promise<void> {
    if (await this.teams.find(id)) return;
    throw new ServiceError('team_not_found', 'There is no team with this id. Check the id, or create the team first.', {
      param: 'teamId',
    });
  }
}
