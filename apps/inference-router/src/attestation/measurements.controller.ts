import { Controller } from '@nestjs/common';
import { decideMeasurement, listMeasurements, type RequestOf } from '@orgn/contracts';
import { Answers } from '@orgn/service-kit';
import { Approvals } from './approvals.ts';

@Controller()
export class MeasurementsController {
  constructor(private readonly approvals: Approvals) {}

  @Answers(listMeasurements)
  list() {
    return this.approvals.list();
  }

  @Answers(decideMeasurement)
  decide(request: RequestOf<typeof decideMeasurement>) {
    return this.approvals.decide(request);
  }
}
