import { Controller } from '@nestjs/common';
import { alertRoutes } from '@orgn/console-api';
import type { ConsoleCall } from '../console/console-call.ts';
import { Implements } from '../console/implements.decorator.ts';
import { AlertsService } from './alerts.service.ts';

@Controller()
export class AlertsController {
  constructor(private readonly alerts: AlertsService) {}

  @Implements(alertRoutes.list)
  list(call: ConsoleCall<typeof alertRoutes.list>) {
    return this.alerts.list(call);
  }

  @Implements(alertRoutes.set)
  set(call: ConsoleCall<typeof alertRoutes.set>) {
    return this.alerts.set(call);
  }
}
