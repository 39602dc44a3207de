import { Controller } from '@nestjs/common';
import { modelRoutes } from '@orgn/console-api';
import type { ConsoleCall } from '../console/console-call.ts';
import { Implements } from '../console/implements.decorator.ts';
import { ModelsService } from './models.service.ts';

@Controller()
export class ModelsController {
  constructor(private readonly models: ModelsService) {}

  @Implements(modelRoutes.list)
  list(call: ConsoleCall<typeof modelRoutes.list>) {
    return this.models.list(call);
  }
}
