import { Injectable } from '@nestjs/common';
import { ServiceError, type Model } from '@orgn/contracts';
import type { Caller } from '../authentication/callers.service.ts';
import { GatewayConfig } from '../config.ts';
import type { EdgeCall } from '../edge/edge-call.ts';
import { RouterClient } from '../routers/router.client.ts';
import { RoutersService } from '../routers/routers.service.ts';
import { UsageWitness, type Sighting } from '../usage/usage-witness.ts';
import type { RelayEnd } from './relay-end.ts';
import { RelayedAnswer, type RelayOutcome } from './relayed-answer.ts';

/** Routers to try for one request; more than one only while none has accepted it. */
const MAX_ATTEMPTS = 3;

/** A request that has passed every check of the edge. */
export interface AdmittedCall {
  edge: EdgeCall;
  /** The endpoint's path, the same at the router. */
  path: string;
  caller: Caller;
  /** The model that was asked for, then its fallbacks. */
  models: readonly [Model, ...Model[]];
  isStream: boolean;
  /** What goes on of the caller's bytes. */
  body: Buffer;
  /** What they are, with the boundary of a form. */
  contentType: string;
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
    private readonly config: GatewayConfig,
  ) {}

  /** Resolves once the answer has been passed on as far as it came. */
  async send(call: AdmittedCall): Promise<RelayEnd> {
    const startedAt = Date.now();
    const outcome = await this.#tryRouters(call);
    switch (outcome.kind) {
      case 'completed':
        return { outcome: 'completed' };
      case 'refused':
        return { outcome: outcome.wasDispatched ? 'failed' : 'released', error: outcome.error };
      case 'left':
        // What was produced until a cut is recorded as for a caller who left: ours is the second word on it.
        return this.#witnessed(call, { startedAt, events: outcome.events, outcome: 'cancelled' });
      case 'broken':
        return this.#witnessed(call, { startedAt, events: outcome.events, outcome: 'failed' });
    }
  }

  #witnessed(call: AdmittedCall, sighting: Sighting): RelayEnd {
    const { outcome } = sighting;
    this.witness.record(call, sighting);
    if (call.edge.reply.sent) return { outcome };
    if (outcome === 'cancelled') return { outcome, error: call.cut.reason };
    return { outcome, error: new ServiceError('service_unavailable', 'The request was lost on our side; try again.') };
  }

  async #tryRouters(call: AdmittedCall): Promise<Exclude<RelayOutcome, { kind: 'not_accepted' }>> {
    const tried = new Set<string>();
    for (let attempt = 1; attempt <= MAX_ATTEMPTS && !call.cut.aborted; attempt += 1) {
      const connection = this.routers.choose(tried);
      if (!connection) break;
      tried.add(connection.token);
      const answer = new RelayedAnswer(call.edge, { cut: call.cut, stallMs: this.config.READ_STALL_MS });
      answer.attach(this.client.post(connection, toRouterRequest(call), answer));
      const outcome = await answer.outcome;
      if (outcome.kind !== 'not_accepted') return outcome;
      await this.routers.reportFailure(connection);
    }
    return { kind: 'refused', error: call.cut.aborted ? call.cut.reason : unreachable(), wasDispatched: false };
  }
}

function unreachable(): ServiceError {
  return new ServiceError('service_unavailable', 'No inference router is reachable; try again shortly.');
}

function toRouterRequest({ edge, path, caller, body, contentType }: AdmittedCall) {
  const headers = {
    'content-type': contentType,
    'x-request-id': edge.requestId,
    'x-orgn-team': caller.teamId,
    'x-orgn-key': caller.keyId,
    ...(edge.isRaw && { 'x-ollm-raw': 'true' }),
  };
  return { path, headers, body };
}
