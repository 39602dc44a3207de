import { Global, Module } from '@nestjs/common';
import { MailModule } from '../mail/mail.module.ts';
import { RosterModule } from '../roster/roster.module.ts';
import { OpenInvitations } from '../sign-in/sign-up.ts';
import { AcceptanceService } from './acceptance.service.ts';
import { BusInvitationsController } from './bus-invitations.controller.ts';
import { InvitationMail } from './invitation-mail.ts';
import { InvitationsController } from './invitations.controller.ts';
import { InvitationsRepository } from './invitations.repository.ts';
import { InvitationsService } from './invitations.service.ts';
import { InvitedAddresses } from './invited-addresses.ts';
import { InvitingLicense } from './inviting-license.ts';
import { OperatorsInvitationsService, Rosters } from './operators-invitations.service.ts';

/** Global, because signing in asks who is invited without knowing invitations. */
@Global()
@Module({
  imports: [MailModule, RosterModule],
  controllers: [BusInvitationsController, InvitationsController],
  providers: [
    AcceptanceService,
    InvitationMail,
    InvitationsRepository,
    InvitationsService,
    InvitingLicense,
    OperatorsInvitationsService,
    Rosters,
    { provide: OpenInvitations, useClass: InvitedAddresses },
  ],
  exports: [OpenInvitations],
})
export class InvitationsModule {}
