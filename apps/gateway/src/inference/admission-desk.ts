import { Injectable } from '@nestjs/common';
import { ServiceError, type Model, type RequestId } from '@orgn/contracts';
import type { RequestMeasure } from '@orgn/dialects';
import { CallersService, requireAllowed, type Caller } from '../authentication/callers.service.ts';
import { BudgetService, type Hold } from '../budget/budget.service.ts';
import type { EdgeCall } from '../edge/edge-call.ts';
import type { Selection } from './model-selection.ts';

/** What a caller asks to run. */
export interface Order {
  caller: Caller;
  models: Selection;
  /** Of the request as it goes on. */
  measure: RequestMeasure | undefined;
}

/** The last checks before dispatch: whose key it is, what it may run, and whether it can be paid for. */
@Injectable()
export class AdmissionDesk {
  constructor(
    private readonly callers: CallersService,
    private readonly budget: BudgetService,
  ) {}

  /**
   * Whose request it is. Called once the body is complete, so that a revoke that returned meanwhile counts, and before
   * anything is said of what the body asks for.
   * @param requestId of a request that is to run: the caller gets a ticket for it
   * @throws ServiceError or RefusalError
   */
  async recognise(edge: EdgeCall, requestId: RequestId | null = null): Promise<Caller> {
    const caller = await this.callers.verify(edge.apiKey, requestId);
    edge.facts.keyId = caller.keyId;
    return caller;
  }

  /** Sets money aside for what a caller may run. @throws ServiceError or RefusalError; nothing is set aside then */
  async admit(edge: EdgeCall, { caller, models, measure }: Order): Promise<Hold> {
    this.authorise(edge, caller, models);
    if (!measure) throw new RangeError('this endpoint runs nothing');
    return this.budget.hold(edge, { requestId: edge.requestId, caller, models, measure });
  }

  /** @throws ServiceError when the caller may not use every model that may run, not only the first */
  authorise(edge: EdgeCall, caller: Caller, models: Selection): void {
    for (const model of models) {
      if (edge.teeRequired !== undefined) requireTee(model);
      requireAllowed(caller, model);
    }
  }
}

function requireTee(model: Model): void {
  if (model.execution === 'tee') return;
  throw new ServiceError(
    'execution_policy',
    `The request requires a TEE, and ${model.id} does not run in one. Choose a near_ or phala_ model.`,
    { param: 'x-ollm-require' },
  );
}
