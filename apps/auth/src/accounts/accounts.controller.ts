import { Controller } from '@nestjs/common';
import { accountRoutes } from '@orgn/console-api';
import { byCaller } from '../audit/by-caller.ts';
import type { ConsoleCall } from '../console/console-call.ts';
import { Implements } from '../console/implements.decorator.ts';
import { FarewellService } from './farewell.service.ts';
import { PersonalDataService } from './personal-data.service.ts';

type Routes = typeof accountRoutes;

@Controller()
export class AccountsController {
  constructor(
    private readonly data: PersonalDataService,
    private readonly farewell: FarewellService,
  ) {}

  @Implements(accountRoutes.export)
  export({ caller }: ConsoleCall<Routes['export']>) {
    return this.data.whole(caller.userId);
  }

  @Implements(accountRoutes.delete)
  async delete(call: ConsoleCall<Routes['delete']>) {
    const { keys = null, confirm: isConfirmed } = call.body;
    await this.farewell.delete({ id: call.caller.userId, keys, isConfirmed }, byCaller(call));
    return undefined;
  }
}
