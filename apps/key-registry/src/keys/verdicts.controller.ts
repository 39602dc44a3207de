import { Controller } from '@nestjs/common';
import { inspectKey, verifyKey, type RequestOf } from '@orgn/contracts';
import { Answers, AnswersBatch } from '@orgn/service-kit';
import { VerdictsService } from './verdicts.service.ts';

@Controller()
export class VerdictsController {
  constructor(private readonly verdicts: VerdictsService) {}

  @AnswersBatch(verifyKey)
  verify(requests: RequestOf<typeof verifyKey>[]) {
    return this.verdicts.verify(requests.map(({ digest }) => digest));
  }

  @Answers(inspectKey)
  inspect(request: RequestOf<typeof inspectKey>) {
    return this.verdicts.inspect(request.digest);
  }
}
