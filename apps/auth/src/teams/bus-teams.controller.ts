import { Controller } from '@nestjs/common';
import {
  createTeam,
  enrolMember,
  listTeams,
  resumeTeam,
  suspendDebtor,
  listGoneTeams,
  suspendTeam,
  type RequestOf,
} from '@orgn/contracts';
import { Answers } from '@orgn/service-kit';
import { EnrolmentService } from './enrolment.service.ts';
import { OperatorsTeamsService } from './operators-teams.service.ts';

/** What the operator of the deployment asks of teams. */
@Controller()
export class BusTeamsController {
  constructor(
    private readonly teams: OperatorsTeamsService,
    private readonly enrolment: EnrolmentService,
  ) {}

  @Answers(createTeam)
  create(request: RequestOf<typeof createTeam>) {
    return this.teams.create(request);
  }

  @Answers(enrolMember)
  enrol(request: RequestOf<typeof enrolMember>) {
    return this.enrolment.enrol(request);
  }

  @Answers(listTeams)
  list(request: RequestOf<typeof listTeams>) {
    return this.teams.list(request);
  }

  @Answers(listGoneTeams)
  gone(request: RequestOf<typeof listGoneTeams>) {
    return this.teams.gone(request);
  }

  @Answers(suspendTeam)
  suspend(request: RequestOf<typeof suspendTeam>) {
    return this.teams.suspend(request);
  }

  @Answers(suspendDebtor)
  suspendDebtor(request: RequestOf<typeof suspendDebtor>) {
    return this.teams.suspendDebtor(request);
  }

  @Answers(resumeTeam)
  resume(request: RequestOf<typeof resumeTeam>) {
    return this.teams.resume(request);
  }
}
