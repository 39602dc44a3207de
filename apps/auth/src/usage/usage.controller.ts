import { Controller } from '@nestjs/common';
import { usageRoutes } from '@orgn/console-api';
import type { ConsoleCall } from '../console/console-call.ts';
import { Implements } from '../console/implements.decorator.ts';
import { UsageService } from './usage.service.ts';

@Controller()
export class UsageController {
  constructor(private readonly usage: UsageService) {}

  @Implements(usageRoutes.report)
  report(call: ConsoleCall<typeof usageRoutes.report>) {
    return this.usage.report(call);
  }

  @Implements(usageRoutes.keys)
  keys(call: ConsoleCall<typeof usageRoutes.keys>) {
    return this.usage.daily(call);
  }
}
