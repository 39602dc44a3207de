import { Injectable } from '@nestjs/common';
import type { Model, RequestId } from '@orgn/contracts';

/** What is to be paid for: enough to bound its price, and nothing that was said. */
export interface HoldOrder {
  requestId: RequestId;
  /** Digest of the key that was verified for it. */
  digest: string;
  /** Every model that may run: the dearest counts. */
  models: readonly Model[];
  bodyBytes: number;
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
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- what the first balance will be held by
  async hold(_order: HoldOrder): Promise<Hold> {
    return unlimited;
  }
}
