import { Controller } from '@nestjs/common';
import { listKeys, registerKey, revokeKey, verifyKey, type RequestOf } from '@orgn/contracts';
import { Answers, AnswersBatch } from '@orgn/service-kit';
import { KeysService } from './keys.service.ts';

@Controller()
export class KeysController {
  constructor(private readonly keys: KeysService) {}

  @AnswersBatch(verifyKey)
  verify(requests: RequestOf<typeof verifyKey>[]) {
    return this.keys.verify(requests.map(({ digest }) => digest));
  }

  @Answers(registerKey)
  register(request: RequestOf<typeof registerKey>) {
    return this.keys.register(request);
  }

  @Answers(listKeys)
  list(request: RequestOf<typeof listKeys>) {
    return this.keys.list(request.teamId);
  }

  @Answers(revokeKey)
  revoke(request: RequestOf<typeof revokeKey>) {
    return this.keys.revoke(request.id, request.reason);
  }
}
