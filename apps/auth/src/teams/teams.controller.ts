import { Controller } from '@nestjs/common';
import { createTeam, type RequestOf } from '@orgn/contracts';
import { Answers } from '@orgn/service-kit';
import { TeamsService } from './teams.service.ts';

@Controller()
export class TeamsController {
  constructor(private readonly teams: TeamsService) {}

  @Answers(createTeam)
  create(request: RequestOf<typeof createTeam>) {
    return this.teams.create(request);
  }
}
