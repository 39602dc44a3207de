import { Module } from '@nestjs/common';
import { MailModule } from '../mail/mail.module.ts';
import { RosterModule } from '../roster/roster.module.ts';
import { AcceptanceService } from './acceptance.service.ts';
import { InvitationMail } from './invitation-mail.ts';
import { InvitationsController } from './invitations.controller.ts';
import { InvitationsRepository } from './invitations.repository.ts';
import { InvitationsService } from './invitations.service.ts';

@Module({
  imports: [MailModule, RosterModule],
  controllers: [InvitationsController],
  providers: [AcceptanceService, InvitationMail, InvitationsRepository, InvitationsService],
})
export class InvitationsModule {}
