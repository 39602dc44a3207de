import { Controller } from '@nestjs/common';
import { enclaveRoutes } from '@orgn/console-api';
import type { ConsoleCall } from '../console/console-call.ts';
import { Implements } from '../console/implements.decorator.ts';
import { EnclaveDemandsService } from './enclave-demands.service.ts';

type Routes = typeof enclaveRoutes;

@Controller()
export class EnclaveDemandsController {
  constructor(private readonly demands: EnclaveDemandsService) {}

  @Implements(enclaveRoutes.get)
  get(call: ConsoleCall<Routes['get']>) {
    return this.demands.get(call);
  }

  @Implements(enclaveRoutes.set)
  set(call: ConsoleCall<Routes['set']>) {
    return this.demands.set(call);
  }
}
