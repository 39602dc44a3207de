import { Controller } from '@nestjs/common';
import { issueKey, type RequestOf } from '@orgn/contracts';
import { Answers } from '@orgn/service-kit';
import { KeysService } from './keys.service.ts';

@Controller()
export class KeysController {
  constructor(private readonly keys: KeysService) {}

  @Answers(issueKey)
  issue(request: RequestOf<typeof issueKey>) {
    return this.keys.issue(request);
  }
}
