import { Injectable } from '@nestjs/common';
import type { ReplyOf, RequestOf, tellMonth, tellSpend } from '@orgn/contracts';
import { SpendRepository } from './spend.repository.ts';

/** What keys, members and teams have spent, for those who may know. */
@Injectable()
export class SpendService {
  constructor(private readonly spend: SpendRepository) {}

  tell(request: RequestOf<typeof tellSpend>): Promise<ReplyOf<typeof tellSpend>> {
    return this.spend.find(request);
  }

  tellMonth(request: RequestOf<typeof tellMonth>): Promise<ReplyOf<typeof tellMonth>> {
    return this.spend.findMonth(request);
  }
}
