import { Controller } from '@nestjs/common';
import { keyRoutes } from '@orgn/console-api';
import type { ConsoleCall } from '../console/console-call.ts';
import { Implements } from '../console/implements.decorator.ts';
import { KeyActivityService } from './key-activity.service.ts';

@Controller()
export class KeyActivityController {
  constructor(private readonly activities: KeyActivityService) {}

  @Implements(keyRoutes.activity)
  activity(call: ConsoleCall<typeof keyRoutes.activity>) {
    return this.activities.describe(call);
  }
}
