import { Injectable } from '@nestjs/common';
import { ServiceError, type Model } from '@orgn/contracts';
import type { Caller } from '../authentication/callers.service.ts';
import type { EdgeCall } from '../edge/edge-call.ts';
import { RouterClient } from '../routers/router.client.ts';
import { RoutersService } from '../routers/routers.service.ts';
import { UsageWitness } from '../usage/usage-witness.ts';
import { RelayedAnswer, type RelayOutcome } from './relayed-answer.ts';

/** Routers to try for one request; more than one only while none has accepted it. */
const MAX_ATTEMPTS = 3;

/** A request that has passed every check of the edge. */
export interface AdmittedCall {
  edge: EdgeCall;
  caller: Caller;
  model: Model;
  isStream: boolean;
}

/** Carries admitted requests to a router and the answers back. */
@Injectable()
export class Relay {
  constructor(
    private readonly routers: RoutersService,
    private readonly client: RouterClient,
    private readonly witness: UsageWitness,
  ) {}

  /**
   * Resolves once the answer has been passed on as far as it came.
   * @throws RefusalError or ServiceError while nothing was passed on
   */
  async send(call: AdmittedCall): Promise<void> {
    const startedAt = Date.now();
    const outcome = await this.#tryRouters(call);
    if (outcome.kind === 'refused') throw outcome.refusal;
    if (outcome.kind === 'broken' || outcome.kind === 'left') {
      this.witness.record(call, {
        startedAt,
        events: outcome.events,
        outcome: outcome.kind === 'left' ? 'cancelled' : 'failed',
      });
    }
    if (outcome.kind === 'broken' && !call.edge.reply.sent) {
      throw new ServiceError('service_unavailable', 'The request was lost on our side; try again.');
    }
  }

  async #tryRouters(call: AdmittedCall): Promise<RelayOutcome> {
    const tried = new Set<string>();
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      const connection = this.routers.choose(tried);
      tried.add(connection.token);
      const answer = new RelayedAnswer(call.edge);
      answer.attach(this.client.post(connection, headersFor(call), { body: call.edge.body, receiver: answer }));
      const outcome = await answer.outcome;
      if (outcome.kind !== 'not_accepted') return outcome;
      await this.routers.reportFailure(connection);
    }
    throw new ServiceError('service_unavailable', 'No inference router is reachable; try again shortly.');
  }
}

function headersFor({ edge, caller }: AdmittedCall): Record<string, string> {
  return {
    'x-request-id': edge.requestId,
    'x-orgn-team': caller.teamId,
    'x-orgn-key': caller.keyId,
    ...(edge.isRaw && { 'x-ollm-raw': 'true' }),
  };
}
