import { Controller } from '@nestjs/common';
import { isReceiptDue, listUsage, summarizeUsage, type RequestOf } from '@orgn/contracts';
import { Answers } from '@orgn/service-kit';
import { UsageService } from './usage.service.ts';

@Controller()
export class UsageController {
  constructor(private readonly usage: UsageService) {}

  @Answers(summarizeUsage)
  summarize(request: RequestOf<typeof summarizeUsage>) {
    return this.usage.summarize(request);
  }

  @Answers(isReceiptDue)
  receiptDue(request: RequestOf<typeof isReceiptDue>) {
    return this.usage.isReceiptDue(request);
  }

  @Answers(listUsage)
  list(request: RequestOf<typeof listUsage>) {
    return this.usage.list(request);
  }
}
