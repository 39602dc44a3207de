import { Controller } from '@nestjs/common';
import { inspectKey, tellAdmissionTime, verifyKey, type RequestOf } from '@orgn/contracts';
import { Answers, AnswersBatch } from '@orgn/service-kit';
import { VerdictsService } from './verdicts.service.ts';

@Controller()
export class VerdictsController {
  constructor(private readonly verdicts: VerdictsService) {}

  @AnswersBatch(verifyKey)
  verify(requests: RequestOf<typeof verifyKey>[]) {
    return this.verdicts.verify(requests);
  }

  @Answers(tellAdmissionTime)
  tellTime() {
    return this.verdicts.tellTime();
  }

  @Answers(inspectKey)
  inspect(request: RequestOf<typeof inspectKey>) {
    return this.verdicts.inspect(request.digest);
  }
}
