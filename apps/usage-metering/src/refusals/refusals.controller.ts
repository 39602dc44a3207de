import { Controller } from '@nestjs/common';
import { recordRefusals, type RequestOf } from '@orgn/contracts';
import { Answers } from '@orgn/service-kit';
import { RefusalsService } from './refusals.service.ts';

@Controller()
export class RefusalsController {
  constructor(private readonly refusals: RefusalsService) {}

  @Answers(recordRefusals)
  record(request: RequestOf<typeof recordRefusals>) {
    return this.refusals.record(request);
  }
}
