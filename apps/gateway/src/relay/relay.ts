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
  /** Aborted, with a ServiceError as its reason, when the caller's key stops being good for this. */
  cut: AbortSignal;
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
    this.#record(call, outcome, startedAt);
    if (outcome.kind === 'left' && !call.edge.reply.sent) call.cut.throwIfAborted();
    if (outcome.kind === 'broken' && !call.edge.reply.sent) {
      throw new ServiceError('service_unavailable', 'The request was lost on our side; try again.');
    }
  }

  /** An answer that was cut is recorded like one whose caller left. */
  #record(call: AdmittedCall, outcome: RelayOutcome, startedAt: number): void {
    if (outcome.kind !== 'broken' && outcome.kind !== 'left') return;
    const word = outcome.kind === 'left' ? 'cancelled' : 'failed';
    this.witness.record(call, { startedAt, events: outcome.events, outcome: word });
  }

  async #tryRouters(call: AdmittedCall): Promise<RelayOutcome> {
    const tried = new Set<string>();
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      call.cut.throwIfAborted();
      const connection = this.routers.choose(tried);
      tried.add(connection.token);
      const answer = new RelayedAnswer(call.edge, call.cut);
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
