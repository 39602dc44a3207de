import { Injectable } from '@nestjs/common';
import type { Model, RequestId } from '@orgn/contracts';

/** What is to be paid for: enough to bound its price, and nothing that was said. */
export interface HoldOrder {
  requestId: RequestId;
  /** Digest of the key that is being verified at the same time. */
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
 * Sets money aside before work starts. It is asked while the key is verified, so that the two cost one round trip; a
 * refused key gives the money back. There are no balances yet: everything is granted.
 */
@Injectable()
export class BudgetService {
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- what the first balance will be held by
  async hold(_order: HoldOrder): Promise<Hold> {
    return unlimited;
  }
}
