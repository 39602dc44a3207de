import { Controller } from '@nestjs/common';
import { tellMonth, tellRates, tellSpend, type RequestOf } from '@orgn/contracts';
import { Answers } from '@orgn/service-kit';
import { LineageCounts } from './lineage-counts.ts';
import { SpendService } from './spend.service.ts';

/** How budgets and rates stand, for those who may know. */
@Controller()
export class SpendController {
  constructor(
    private readonly spend: SpendService,
    private readonly lineages: LineageCounts,
  ) {}

  @Answers(tellSpend)
  tellSpend(request: RequestOf<typeof tellSpend>) {
    return this.spend.tell(request);
  }

  @Answers(tellMonth)
  tellMonth(request: RequestOf<typeof tellMonth>) {
    return this.spend.tellMonth(request);
  }

  @Answers(tellRates)
  tellRates(request: RequestOf<typeof tellRates>) {
    return { rates: this.lineages.standingsOf(request) };
  }
}
