import { Controller } from '@nestjs/common';
import { billingRoutes } from '@orgn/console-api';
import type { ConsoleCall } from '../console/console-call.ts';
import { Implements } from '../console/implements.decorator.ts';
import { PaymentsService } from './payments.service.ts';

@Controller()
export class PaymentsController {
  constructor(private readonly payments: PaymentsService) {}

  @Implements(billingRoutes.pay)
  pay(call: ConsoleCall<typeof billingRoutes.pay>) {
    return this.payments.open(call);
  }

  @Implements(billingRoutes.cancel)
  cancel(call: ConsoleCall<typeof billingRoutes.cancel>) {
    return this.payments.cancel(call);
  }
}
