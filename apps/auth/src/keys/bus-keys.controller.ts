import { Controller } from '@nestjs/common';
import { issueKey, surrenderKey, withdrawKey, type RequestOf } from '@orgn/contracts';
import { Answers } from '@orgn/service-kit';
import { OperatorsKeysService } from './operators-keys.service.ts';
import { SurrenderService } from './surrender.service.ts';

/** What other parts of the deployment ask of keys. */
@Controller()
export class BusKeysController {
  constructor(
    private readonly keys: OperatorsKeysService,
    private readonly surrendered: SurrenderService,
  ) {}

  @Answers(issueKey)
  issue(request: RequestOf<typeof issueKey>) {
    return this.keys.issue(request);
  }

  @Answers(withdrawKey)
  withdraw(request: RequestOf<typeof withdrawKey>) {
    return this.keys.withdraw(request);
  }

  @Answers(surrenderKey)
  surrender(request: RequestOf<typeof surrenderKey>) {
    return this.surrendered.surrender(request);
  }
}
