import { Injectable } from '@nestjs/common';
import { ServiceError, toTicketStub, type Model, type RequestId } from '@orgn/contracts';
import type { RequestMeasure } from '@orgn/dialects';
import type { Caller } from '../authentication/callers.service.ts';
import { GatewayConfig } from '../config.ts';
import type { EdgeCall } from '../edge/edge-call.ts';
import { holdBound, type HoldBound } from './hold-bound.ts';
import { HoldDesk, type SettledHold } from './hold-desk.ts';
import { toMoneyRefusal, toRateRefusal, toWarning } from './hold-refusal.ts';
import { rateHeaders } from './rate-headers.ts';

/** What is to be paid for: enough to bound its price, and nothing that was said. */
export interface HoldOrder {
  requestId: RequestId;
  caller: Caller;
  /** Every model that may run: the dearest counts. */
  models: readonly [Model, ...Model[]];
  measure: RequestMeasure;
}

/** Money that is set aside for one request until its usage is settled. */
export interface Hold {
  /** Its owner's word, which goes with every word on the request's usage; undefined: nothing had to be held. */
  receipt: string | undefined;
  /** Gives it back: the request will not run. */
  release(): void;
}

/** Says which budgets that only warn are used up. */
const WARNING_HEADER = 'x-ollm-budget-warning';

const unlimited: Hold = { receipt: undefined, release: () => undefined };

/** Sets money aside before work starts, for what a verified caller may run. What no limit applies to needs nobody's leave. */
@Injectable()
export class BudgetService {
  constructor(
    private readonly desk: HoldDesk,
    private readonly config: GatewayConfig,
  ) {}

  /**
   * @throws RefusalError `insufficient_balance`, `budget_exceeded`, `balance_busy` or `rate_limit_exceeded`
   * @throws ServiceError `metering_unavailable`; `invalid_request` for what has no bound
   */
  async hold(edge: EdgeCall, { requestId, caller, measure, models }: HoldOrder): Promise<Hold> {
    const bound = holdBound(measure, models);
    const { teamId } = caller;
    const answer = await this.#take(requestId, caller, bound);
    if (!answer) return unlimited;
    void edge.reply.headers(rateHeaders(answer.rates, edge.dialect));
    if (answer.state === 'too_fast') throw toRateRefusal(answer, bound.tokens);
    if (answer.state === 'refused') throw toMoneyRefusal(answer, { measure, models });
    if (answer.warnings.length > 0) void edge.reply.header(WARNING_HEADER, toWarning(answer.warnings));
    return { receipt: answer.receipt, release: () => this.desk.release({ teamId, requestId }) };
  }

  /** @returns undefined where nothing has to be held */
  async #take(requestId: RequestId, caller: Caller, bound: HoldBound): Promise<SettledHold | undefined> {
    const { teamId, isLimited, isWatched, ticket } = caller;
    const isNeeded = isLimited || this.config.BILLING === 'prepaid';
    if (ticket === null || !(isNeeded || isWatched)) return undefined;
    const asked = this.desk.take({ teamId, requestId }, { ticket: toTicketStub(ticket), ...bound });
    return isNeeded ? asked : asked.catch(asUnknown);
  }
}

/** Where nobody can count by budgets that only warn, nobody is warned. */
function asUnknown(error: unknown): SettledHold | undefined {
  if (error instanceof ServiceError && error.code === 'metering_unavailable') return undefined;
  throw error;
}
