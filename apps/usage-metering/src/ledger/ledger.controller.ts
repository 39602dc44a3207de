import { Controller } from '@nestjs/common';
import { bookMoney, reconcileBooks, tellBalance, tellStatement, type RequestOf } from '@orgn/contracts';
import { Answers } from '@orgn/service-kit';
import { LedgerService } from './ledger.service.ts';
import { ReconcilingService } from './reconciling.service.ts';

@Controller()
export class LedgerController {
  constructor(
    private readonly ledger: LedgerService,
    private readonly reconciling: ReconcilingService,
  ) {}

  @Answers(tellBalance)
  balance(request: RequestOf<typeof tellBalance>) {
    return this.ledger.balance(request);
  }

  @Answers(bookMoney)
  book(request: RequestOf<typeof bookMoney>) {
    return this.ledger.book(request);
  }

  @Answers(tellStatement)
  statement(request: RequestOf<typeof tellStatement>) {
    return this.ledger.statement(request);
  }

  @Answers(reconcileBooks)
  reconcile(request: RequestOf<typeof reconcileBooks>) {
    return this.reconciling.page(request);
  }
}
