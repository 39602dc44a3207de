import { Module } from '@nestjs/common';
import { RosterModule } from '../roster/roster.module.ts';
import { BillingController } from './billing.controller.ts';
import { BillingService } from './billing.service.ts';
import { BusBillingController } from './bus-billing.controller.ts';
import { OperatorsBillingService } from './operators-billing.service.ts';
import { PaymentsController } from './payments.controller.ts';
import { PaymentsService } from './payments.service.ts';
import { WebhooksController } from './webhooks.controller.ts';
import { WebhooksService } from './webhooks.service.ts';

@Module({
  imports: [RosterModule],
  controllers: [BillingController, BusBillingController, PaymentsController, WebhooksController],
  providers: [BillingService, OperatorsBillingService, PaymentsService, WebhooksService],
})
export class BillingModule {}
