import { Controller } from '@nestjs/common';
import {
  awaitHold,
  findHolders,
  releaseHold,
  takeHold,
  tellMonth,
  tellRates,
  tellSpend,
  type HoldAnswer,
  type RequestOf,
  type ServiceError,
} from '@orgn/contracts';
import { Answers, AnswersBatch } from '@orgn/service-kit';
import { UsageMeteringConfig } from '../config.ts';
import { HoldsService } from './holds.service.ts';
import { LineageCounts } from './lineage-counts.ts';
import { SpendService } from './spend.service.ts';
import { ShardsService } from './shards.service.ts';

@Controller()
export class HoldsController {
  constructor(
    private readonly holds: HoldsService,
    private readonly shards: ShardsService,
    private readonly spend: SpendService,
    private readonly lineages: LineageCounts,
    private readonly config: UsageMeteringConfig,
  ) {}

  @Answers(findHolders)
  find() {
    return { instance: this.config.INSTANCE, shards: this.shards.owned };
  }

  @AnswersBatch(takeHold)
  take(requests: RequestOf<typeof takeHold>[]): (HoldAnswer | ServiceError)[] {
    return requests.map((request) => this.holds.take(request));
  }

  @Answers(tellSpend)
  tellSpend(request: RequestOf<typeof tellSpend>) {
    return this.spend.tell(request);
  }

  @Answers(tellMonth)
  tellMonth(request: RequestOf<typeof tellMonth>) {
    return this.spend.tellMonth(request);
  }

  @Answers(tellRates)
  tellRates(request: RequestOf<typeof tellRates>) {
    return { rates: this.lineages.standingsOf(request) };
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
