import { Injectable } from '@nestjs/common';
import type { beginIdempotent, endIdempotent, ReplyOf, RequestOf } from '@orgn/contracts';
import { DailySecrets } from './daily-secrets.ts';
import { hideRequest } from './hidden-request.ts';
import { IdempotencyRepository } from './idempotency.repository.ts';

@Injectable()
export class IdempotencyService {
  constructor(
    private readonly repository: IdempotencyRepository,
    private readonly secrets: DailySecrets,
  ) {}

  /** @throws ServiceError `service_unavailable` when the database cannot be asked: the request must not be dispatched */
  async begin(request: RequestOf<typeof beginIdempotent>): Promise<ReplyOf<typeof beginIdempotent>> {
    const hidden = hideRequest(request, await this.secrets.live());
    return this.repository.begin(request.teamId, request.requestId, hidden);
  }

  /** Says how a begun request ended, or that it was never dispatched. */
  async end(request: RequestOf<typeof endIdempotent>): Promise<ReplyOf<typeof endIdempotent>> {
    const { teamId, requestId, outcome } = request;
    if (outcome === 'released') await this.repository.release(teamId, requestId);
    else await this.repository.end(teamId, requestId, outcome);
    return {};
  }
}
