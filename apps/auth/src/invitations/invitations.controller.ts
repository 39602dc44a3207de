import { Controller } from '@nestjs/common';
import { invitationRoutes } from '@orgn/console-api';
import type { ConsoleCall } from '../console/console-call.ts';
import { Implements } from '../console/implements.decorator.ts';
import { AcceptanceService } from './acceptance.service.ts';
import { InvitationsService } from './invitations.service.ts';

type Routes = typeof invitationRoutes;

@Controller()
export class InvitationsController {
  constructor(
    private readonly invitations: InvitationsService,
    private readonly acceptance: AcceptanceService,
  ) {}

  @Implements(invitationRoutes.list)
  list(call: ConsoleCall<Routes['list']>) {
    return this.invitations.list(call);
  }

  @Implements(invitationRoutes.create)
  create(call: ConsoleCall<Routes['create']>) {
    return this.invitations.create(call);
  }

  @Implements(invitationRoutes.resend)
  resend(call: ConsoleCall<Routes['resend']>) {
    return this.invitations.resend(call);
  }

  @Implements(invitationRoutes.revoke)
  revoke(call: ConsoleCall<Routes['revoke']>) {
    return this.invitations.revoke(call) as Promise<undefined>;
  }

  @Implements(invitationRoutes.accept)
  accept(call: ConsoleCall<Routes['accept']>) {
    return this.acceptance.accept(call);
  }
}
