import { Controller } from '@nestjs/common';
import { invitePerson, type RequestOf } from '@orgn/contracts';
import { Answers } from '@orgn/service-kit';
import { OperatorsInvitationsService } from './operators-invitations.service.ts';

/** What the operator of the deployment asks of invitations. */
@Controller()
export class BusInvitationsController {
  constructor(private readonly invitations: OperatorsInvitationsService) {}

  @Answers(invitePerson)
  invite(request: RequestOf<typeof invitePerson>) {
    return this.invitations.invite(request);
  }
}
