import { Controller } from '@nestjs/common';
import { measurementRoutes } from '@orgn/console-api';
import type { ConsoleCall } from '../console/console-call.ts';
import { Implements } from '../console/implements.decorator.ts';
import { MeasurementsService } from './measurements.service.ts';

type Routes = typeof measurementRoutes;

@Controller()
export class MeasurementsController {
  constructor(private readonly measurements: MeasurementsService) {}

  @Implements(measurementRoutes.list)
  list() {
    return this.measurements.list();
  }

  @Implements(measurementRoutes.approve)
  approve(call: ConsoleCall<Routes['approve']>) {
    return this.measurements.approve(call);
  }

  @Implements(measurementRoutes.refuse)
  refuse(call: ConsoleCall<Routes['refuse']>) {
    return this.measurements.refuse(call);
  }
}
