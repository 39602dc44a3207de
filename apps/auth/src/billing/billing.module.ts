import { Module } from '@nestjs/common';
import { RosterModule } from '../roster/roster.module.ts';
import { BillingController } from './billing.controller.ts';
import { BillingService } from './billing.service.ts';
import { BusBillingController } from './bus-billing.controller.ts';
import { OperatorsBillingService } from './operators-billing.service.ts';

@Module({
  imports: [RosterModule],
  controllers: [BillingController, BusBillingController],
  providers: [BillingService, OperatorsBillingService],
})
export class BillingModule {}
