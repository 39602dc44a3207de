import { Controller } from '@nestjs/common';
import { endGrants, issueGrant, verifyGrant, type RequestOf } from '@orgn/contracts';
import { Answers } from '@orgn/service-kit';
import { GrantsService } from './grants.service.ts';

@Controller()
export class GrantsController {
  constructor(private readonly grants: GrantsService) {}

  @Answers(issueGrant)
  issue(request: RequestOf<typeof issueGrant>) {
    return this.grants.issue(request);
  }

  @Answers(verifyGrant)
  verify(request: RequestOf<typeof verifyGrant>) {
    return this.grants.verify(request);
  }

  @Answers(endGrants)
  end(request: RequestOf<typeof endGrants>) {
    return this.grants.end(request);
  }
}
