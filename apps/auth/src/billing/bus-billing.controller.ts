import { Controller } from '@nestjs/common';
import { creditTeam, refundTeam, type RequestOf } from '@orgn/contracts';
import { Answers } from '@orgn/service-kit';
import { OperatorsBillingService } from './operators-billing.service.ts';

/** What the operator of the deployment asks of balances. */
@Controller()
export class BusBillingController {
  constructor(private readonly billing: OperatorsBillingService) {}

  @Answers(creditTeam)
  credit(request: RequestOf<typeof creditTeam>) {
    return this.billing.book('credit', request);
  }

  @Answers(refundTeam)
  refund(request: RequestOf<typeof refundTeam>) {
    return this.billing.book('refund', request);
  }
}
