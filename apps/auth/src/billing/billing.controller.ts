import { Controller } from '@nestjs/common';
import { billingRoutes } from '@orgn/console-api';
import type { ConsoleCall } from '../console/console-call.ts';
import { Implements } from '../console/implements.decorator.ts';
import { BillingService } from './billing.service.ts';

@Controller()
export class BillingController {
  constructor(private readonly billing: BillingService) {}

  @Implements(billingRoutes.balance)
  balance(call: ConsoleCall<typeof billingRoutes.balance>) {
    return this.billing.balance(call);
  }

  @Implements(billingRoutes.statement)
  statement(call: ConsoleCall<typeof billingRoutes.statement>) {
    return this.billing.statement(call);
  }
}
