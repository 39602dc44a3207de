import { Injectable } from '@nestjs/common';
import type { ReplyOf, RequestOf, tellSpend } from '@orgn/contracts';
import { SpendRepository } from './spend.repository.ts';

/** What keys have spent, for their holders. */
@Injectable()
export class SpendService {
  constructor(private readonly spend: SpendRepository) {}

  tell(request: RequestOf<typeof tellSpend>): Promise<ReplyOf<typeof tellSpend>> {
    return this.spend.find(request);
  }
}
