import { Controller } from '@nestjs/common';
import { deletePerson, exportPerson, type RequestOf } from '@orgn/contracts';
import { Answers } from '@orgn/service-kit';
import { BY_OPERATOR } from '../audit/by-caller.ts';
import { FarewellService } from './farewell.service.ts';
import { PersonalDataService } from './personal-data.service.ts';

/** What the operator does about an account, on its person's behalf. */
@Controller()
export class BusAccountsController {
  constructor(
    private readonly data: PersonalDataService,
    private readonly farewell: FarewellService,
  ) {}

  @Answers(exportPerson)
  export(request: RequestOf<typeof exportPerson>) {
    return this.data.export(request);
  }

  @Answers(deletePerson)
  delete(request: RequestOf<typeof deletePerson>) {
    return this.farewell.delete(request, BY_OPERATOR);
  }
}
