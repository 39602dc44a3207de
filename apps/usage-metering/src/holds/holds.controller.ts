import { Controller } from '@nestjs/common';
import {
  awaitHold,
  findHolders,
  releaseHold,
  takeHold,
  type HoldAnswer,
  type RequestOf,
  type ServiceError,
} from '@orgn/contracts';
import { Answers, AnswersBatch } from '@orgn/service-kit';
import { HoldsService } from './holds.service.ts';
import { ShardsService } from './shards.service.ts';

@Controller()
export class HoldsController {
  constructor(
    private readonly holds: HoldsService,
    private readonly shards: ShardsService,
  ) {}

  @Answers(findHolders)
  find() {
    return this.shards.standing;
  }

  @AnswersBatch(takeHold)
  take(requests: RequestOf<typeof takeHold>[]): (HoldAnswer | ServiceError)[] {
    return requests.map((request) => this.holds.take(request));
  }

  @Answers(awaitHold)
  wait(request: RequestOf<typeof awaitHold>) {
    return this.holds.wait(request);
  }

  @AnswersBatch(releaseHold)
  release(requests: RequestOf<typeof releaseHold>[]): Record<string, never>[] {
    for (const request of requests) this.holds.release(request);
    return requests.map(() => ({}));
  }
}
