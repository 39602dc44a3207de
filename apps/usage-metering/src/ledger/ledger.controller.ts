import { Controller } from '@nestjs/common';
import { listMoney, reconcileBooks, tellBalance, tellBurn, tellStatement, type RequestOf } from '@orgn/contracts';
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

  @Answers(listMoney)
  money(request: RequestOf<typeof listMoney>) {
    return this.ledger.money(request);
  }

  @Answers(tellBurn)
  burn(request: RequestOf<typeof tellBurn>) {
    return this.ledger.burn(request);
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
