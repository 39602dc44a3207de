import { Injectable } from '@nestjs/common';
import { ServiceError, type Model } from '@orgn/contracts';
import { CallersService, requireAllowed, type Caller } from '../authentication/callers.service.ts';
import { BudgetService, type Hold } from '../budget/budget.service.ts';
import type { EdgeCall } from '../edge/edge-call.ts';
import type { Selection } from './model-selection.ts';

/** A caller that may run what it asked for, and the money that is set aside for it. */
export interface Admission {
  caller: Caller;
  hold: Hold;
}

/** The last checks before dispatch: whose key it is, what it may run, and whether it can be paid for. */
@Injectable()
export class AdmissionDesk {
  constructor(
    private readonly callers: CallersService,
    private readonly budget: BudgetService,
  ) {}

  /**
   * Called once the body is complete, so that a revoke that returned meanwhile counts.
   * @param bodyBytes of the request as it goes on
   * @throws ServiceError or RefusalError; nothing stays set aside then
   */
  async admit(edge: EdgeCall, models: Selection, bodyBytes: number): Promise<Admission> {
    const { requestId, apiKey } = edge;
    const order = { requestId, digest: apiKey.digest, models, bodyBytes };
    const [verified, held] = await Promise.allSettled([
      this.callers.verify(apiKey, requestId),
      this.budget.hold(order),
    ]);
    const hold = held.status === 'fulfilled' ? held.value : undefined;
    try {
      if (verified.status === 'rejected') throw verified.reason;
      edge.facts.keyId = verified.value.keyId;
      requireRights(edge, verified.value, models);
      if (held.status === 'rejected') throw held.reason;
      return { caller: verified.value, hold: held.value };
    } catch (error) {
      hold?.release();
      throw error;
    }
  }

  /** The same for what costs nothing. */
  async recognise(edge: EdgeCall, models: Selection): Promise<Caller> {
    const caller = await this.callers.verify(edge.apiKey);
    edge.facts.keyId = caller.keyId;
    requireRights(edge, caller, models);
    return caller;
  }
}

/** Every model that may run must be allowed, not only the first. */
function requireRights(edge: EdgeCall, caller: Caller, models: Selection): void {
  for (const model of models) {
    if (edge.isTeeRequired) requireTee(model);
    requireAllowed(caller, model);
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
