import { Controller } from '@nestjs/common';
import { listBudgets, setBudget, showBalance, type RequestOf } from '@orgn/contracts';
import { Answers } from '@orgn/service-kit';
import { BudgetsService } from './budgets.service.ts';

@Controller()
export class BudgetsController {
  constructor(private readonly budgets: BudgetsService) {}

  @Answers(listBudgets)
  list(request: RequestOf<typeof listBudgets>) {
    return this.budgets.list(request);
  }

  @Answers(setBudget)
  set(request: RequestOf<typeof setBudget>) {
    return this.budgets.set(request);
  }

  @Answers(showBalance)
  show(request: RequestOf<typeof showBalance>) {
    return this.budgets.show(request);
  }
}
