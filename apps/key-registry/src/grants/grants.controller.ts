import { Controller } from '@nestjs/common';
import { endGrants, issueGrant, verifyGrant, type RequestOf } from '@orgn/contracts';
import { Answers } from '@orgn/service-kit';
import { GrantVerdictsService } from './grant-verdicts.service.ts';
import { GrantsService } from './grants.service.ts';

@Controller()
export class GrantsController {
  constructor(
    private readonly grants: GrantsService,
    private readonly verdicts: GrantVerdictsService,
  ) {}

  @Answers(issueGrant)
  issue(request: RequestOf<typeof issueGrant>) {
    return this.grants.issue(request);
  }

  @Answers(verifyGrant)
  verify(request: RequestOf<typeof verifyGrant>) {
    return this.verdicts.verify(request);
  }

  @Answers(endGrants)
  end(request: RequestOf<typeof endGrants>) {
    return this.grants.end(request);
  }
}
