import { Controller } from '@nestjs/common';
import { listAlerts, setAlerts, type RequestOf } from '@orgn/contracts';
import { Answers } from '@orgn/service-kit';
import { AlertsService } from './alerts.service.ts';

@Controller()
export class AlertsController {
  constructor(private readonly alerts: AlertsService) {}

  @Answers(listAlerts)
  list(request: RequestOf<typeof listAlerts>) {
    return this.alerts.list(request);
  }

  @Answers(setAlerts)
  set(request: RequestOf<typeof setAlerts>) {
    return this.alerts.set(request);
  }
}
