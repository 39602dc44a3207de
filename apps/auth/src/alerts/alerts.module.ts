import { Module } from '@nestjs/common';
import { MailModule } from '../mail/mail.module.ts';
import { RosterModule } from '../roster/roster.module.ts';
import { AlertsController } from './alerts.controller.ts';
import { AlertsService } from './alerts.service.ts';
import { BusAlertsController } from './bus-alerts.controller.ts';

@Module({
  imports: [MailModule, RosterModule],
  controllers: [AlertsController, BusAlertsController],
  providers: [AlertsService],
})
export class AlertsModule {}
