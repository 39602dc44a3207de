import { Injectable } from '@nestjs/common';
import type { recordRefusals, ReplyOf, RequestOf } from '@orgn/contracts';
import { RefusalsRepository } from './refusals.repository.ts';

/** What gateways refused. */
@Injectable()
export class RefusalsService {
  constructor(private readonly refusals: RefusalsRepository) {}

  async record(told: RequestOf<typeof recordRefusals>): Promise<ReplyOf<typeof recordRefusals>> {
    await this.refusals.keep(told);
    return {};
  }
}
