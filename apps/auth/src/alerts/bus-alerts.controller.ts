import { Controller } from '@nestjs/common';
import { tellAlert, type RequestOf } from '@orgn/contracts';
import { Answers } from '@orgn/service-kit';
import { AlertsService } from './alerts.service.ts';

/** What metering has people told. */
@Controller()
export class BusAlertsController {
  constructor(private readonly alerts: AlertsService) {}

  @Answers(tellAlert)
  tell(alert: RequestOf<typeof tellAlert>) {
    return this.alerts.tell(alert);
  }
}
