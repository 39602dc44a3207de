import { Injectable } from '@nestjs/common';
import type { Model, RequestId } from '@orgn/contracts';
import type { RequestMeasure } from '@orgn/dialects';
import { holdBound } from './hold-bound.ts';

/** What is to be paid for: enough to bound its price, and nothing that was said. */
export interface HoldOrder {
  requestId: RequestId;
  /** Digest of the key that was verified for it. */
  digest: string;
  /** Every model that may run: the dearest counts. */
  models: readonly Model[];
  measure: RequestMeasure;
}

/** Money that is set aside for one request until its usage is settled. */
export interface Hold {
  /** Gives it back: the request will not run. */
  release(): void;
}

const unlimited: Hold = { release: () => undefined };

/**
 * Sets money aside before work starts, for what a verified caller may run. There are no balances yet: everything is granted.
 */
@Injectable()
export class BudgetService {
  /** @throws ServiceError `invalid_request` for what has no bound */
  async hold({ measure, models }: HoldOrder): Promise<Hold> {
    holdBound(measure, models);
    return unlimited;
  }
}
