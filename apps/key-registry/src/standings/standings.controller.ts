import { Controller } from '@nestjs/common';
import { setKeysStanding, type RequestOf } from '@orgn/contracts';
import { Answers } from '@orgn/service-kit';
import { StandingsService } from './standings.service.ts';

@Controller()
export class StandingsController {
  constructor(private readonly standings: StandingsService) {}

  @Answers(setKeysStanding)
  stand(request: RequestOf<typeof setKeysStanding>) {
    return this.standings.stand(request);
  }
}
