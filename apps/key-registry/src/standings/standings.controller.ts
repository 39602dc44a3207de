import { Controller } from '@nestjs/common';
import { readTeamDemands, setKeysStanding, setTeamDemands, type RequestOf } from '@orgn/contracts';
import { Answers } from '@orgn/service-kit';
import { DemandsService } from './demands.service.ts';
import { StandingsService } from './standings.service.ts';

@Controller()
export class StandingsController {
  constructor(
    private readonly standings: StandingsService,
    private readonly demands: DemandsService,
  ) {}

  @Answers(setKeysStanding)
  stand(request: RequestOf<typeof setKeysStanding>) {
    return this.standings.stand(request);
  }

  @Answers(readTeamDemands)
  readDemands(request: RequestOf<typeof readTeamDemands>) {
    return this.demands.read(request);
  }

  @Answers(setTeamDemands)
  setDemands(request: RequestOf<typeof setTeamDemands>) {
    return this.demands.set(request);
  }
}
