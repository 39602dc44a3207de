import { Controller } from '@nestjs/common';
import { budgetRoutes } from '@orgn/console-api';
import type { ConsoleCall } from '../console/console-call.ts';
import { Implements } from '../console/implements.decorator.ts';
import { BudgetsService } from './budgets.service.ts';

@Controller()
export class BudgetsController {
  constructor(private readonly budgets: BudgetsService) {}

  @Implements(budgetRoutes.list)
  list(call: ConsoleCall<typeof budgetRoutes.list>) {
    return this.budgets.list(call);
  }

  @Implements(budgetRoutes.setTeam)
  setTeam(call: ConsoleCall<typeof budgetRoutes.setTeam>) {
    return this.budgets.setTeam(call);
  }

  @Implements(budgetRoutes.showBalance)
  showBalance(call: ConsoleCall<typeof budgetRoutes.showBalance>) {
    return this.budgets.showBalance(call);
  }

  @Implements(budgetRoutes.setMember)
  setMember(call: ConsoleCall<typeof budgetRoutes.setMember>) {
    return this.budgets.setMember(call);
  }
}
