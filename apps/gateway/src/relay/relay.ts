import { Injectable } from '@nestjs/common';
import { ServiceError } from '@orgn/contracts';
import { UsageWitness, type Sighting } from '../usage/usage-witness.ts';
import type { AdmittedCall } from './admitted-call.ts';
import type { RelayEnd } from './relay-end.ts';
import { RouterAttempts } from './router-attempts.ts';

/** Carries admitted requests to a router and the answers back. */
@Injectable()
export class Relay {
  constructor(
    private readonly attempts: RouterAttempts,
    private readonly witness: UsageWitness,
  ) {}

  /** Resolves once the answer has been passed on as far as it came. */
  async send(call: AdmittedCall): Promise<RelayEnd> {
    const startedAt = performance.now();
    const outcome = await this.attempts.offer(call);
    switch (outcome.kind) {
      case 'completed':
        return { outcome: 'completed' };
      case 'refused':
        return { outcome: outcome.wasDispatched ? 'failed' : 'released', error: outcome.error };
      case 'withheld':
        // The router says so itself when it can; should it not live that long, ours is the word that makes it free.
        this.witness.record(call, { startedAt, events: 0, outcome: 'withheld', seal: outcome.seal });
        return { outcome: 'failed', error: outcome.error };
      case 'left':
        // What was produced until a cut is recorded as for a caller who left: ours is the second word on it.
        return this.#witnessed(call, { startedAt, events: outcome.events, outcome: 'cancelled' });
      case 'broken':
        return this.#witnessed(call, { startedAt, events: outcome.events, outcome: 'failed' });
    }
  }

  #witnessed(call: AdmittedCall, sighting: Sighting & { outcome: 'cancelled' | 'failed' }): RelayEnd {
    const { outcome } = sighting;
    this.witness.record(call, { ...sighting, receiptDue: call.edge.reply.hasHeader('x-ollm-receipt') });
    if (call.edge.reply.sent) return { outcome };
    if (outcome === 'cancelled') return { outcome, error: call.cut.reason };
    return { outcome, error: new ServiceError('service_unavailable', 'The request was lost on our side; try again.') };
  }
}
